namespace Latchkey.Simulator.Physics;

/// <summary>What is connected behind the switch.</summary>
public abstract class LoadModel
{
    /// <summary>Rms current in the steady state, ampere: what the contact gap's first strength depends on.</summary>
    public abstract double RmsAmps { get; }

    /// <summary>|sin φ| of the fundamental: how far the recovery voltage overshoots after an interruption.</summary>
    public virtual double SinPhi => 0;

    /// <summary>True while the current follows from a differential equation and needs steps of a few microseconds.</summary>
    public virtual bool NeedsFineSteps => false;

    /// <summary>True while a connected load whose last cycle was as the one before will go on so.</summary>
    public virtual bool IsPeriodic => false;

    /// <summary>The current that a fault would drive through closing contacts, ampere peak.</summary>
    public virtual double ProspectiveAmps => RmsAmps * Math.Sqrt(2);

    /// <summary>Advances the connected load to an instant and returns its current there.</summary>
    /// <param name="supply">The voltage at the load, at the end of the step.</param>
    /// <param name="step">Length of the step, seconds.</param>
    public abstract double Step(in MainsPoint supply, double step);

    /// <summary>Lets the load rest without supply.</summary>
    public virtual void Rest(double step)
    {
    }
}
