namespace Latchkey.Metrology;

/// <summary>One instant of one phase on the tape: voltage and current in counts, each against its own zero.</summary>
internal struct TapeSample
{
    public int V;
    public int I;
}
