namespace Latchkey.Metrology;

/// <summary>Everything that the registers need from about one second of samples: whole cycles, raw counts.</summary>
/// <remarks>
/// Widths: |count| &lt; 2^23, so a product is below 2^46 and a frame of up to 16 s stays below 2^63.
/// A frame may be applied any number of times: identical seconds need not be sampled again.
/// </remarks>
public readonly record struct FrameSums
{
    /// <summary>Sum of v².</summary>
    public long V2 { get; init; }

    /// <summary>Sum of i².</summary>
    public long I2 { get; init; }

    /// <summary>Sum of neutral i².</summary>
    public long In2 { get; init; }

    /// <summary>Sum of v·i with the calibrated phase delay.</summary>
    public long P { get; init; }

    /// <summary>Sum of v(90° late)·i: positive for an inductive load.</summary>
    public long Q { get; init; }

    /// <summary>Sum of v·i of the neutral.</summary>
    public long Pn { get; init; }

    /// <summary>Sum of load-side v².</summary>
    public long Lsv2 { get; init; }

    public long SumV { get; init; }

    public long SumI { get; init; }

    public long SumIn { get; init; }

    /// <summary>Number of samples summed.</summary>
    public int Samples { get; init; }

    /// <summary>Whole mains cycles in the frame; 0 when the voltage gave no crossings and the frame was cut by time.</summary>
    public int Cycles { get; init; }

    /// <summary>Time between the first and the last voltage crossing, samples × 65536; 0 when <see cref="Cycles"/> is 0.</summary>
    public long SpanQ16 { get; init; }

    /// <summary>What the tape told of the frame; empty without one.</summary>
    public WaveSums Wave { get; init; }

    /// <summary>Two frames that follow each other, as one.</summary>
    public FrameSums Then(in FrameSums next) => new()
    {
        V2 = V2 + next.V2, I2 = I2 + next.I2, In2 = In2 + next.In2, P = P + next.P, Q = Q + next.Q, Pn = Pn + next.Pn,
        Lsv2 = Lsv2 + next.Lsv2, SumV = SumV + next.SumV, SumI = SumI + next.SumI, SumIn = SumIn + next.SumIn,
        Samples = Samples + next.Samples, Cycles = Cycles + next.Cycles, SpanQ16 = SpanQ16 + next.SpanQ16, Wave = Wave.Then(next.Wave),
    };
}
