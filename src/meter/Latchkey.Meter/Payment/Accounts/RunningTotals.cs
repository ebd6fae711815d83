namespace Latchkey.Meter.Payment.Accounts;

/// <summary>What grows with every frame and is saved in the checkpoints, beside the sealed registers of metrology. Nothing of it ever falls.</summary>
/// <param name="Paid1">What the first consumption charge took, quanta.</param>
/// <param name="Carry1">What it left over of a quantum, 10^-12 quanta.</param>
/// <param name="Paid2">What the second consumption charge took, quanta.</param>
/// <param name="Carry2">What it left over of a quantum, 10^-12 quanta.</param>
/// <param name="Rate1">Import in the first rate of time of use, µWh.</param>
/// <param name="Rate2">Import in the second rate, µWh.</param>
/// <param name="Rate3">Import in the third rate, µWh.</param>
/// <param name="Rate4">Import in the fourth rate, µWh.</param>
/// <param name="Overload">Import above the load limit's watts, counted apart, µWh.</param>
/// <param name="Friendly">Import while only a friendly period kept the supply on, µWh.</param>
public readonly record struct RunningTotals(
    long Paid1, long Carry1, long Paid2, long Carry2, long Rate1, long Rate2, long Rate3, long Rate4, long Overload, long Friendly)
{
    /// <summary>What the consumption charges took in all, quanta.</summary>
    public long Consumed => Paid1 + Paid2;

    public (long Paid, long Carry) Charge(int index) => index == 0 ? (Paid1, Carry1) : (Paid2, Carry2);

    public RunningTotals WithCharge(int index, long paid, long carry) =>
        index == 0 ? this with { Paid1 = paid, Carry1 = carry } : this with { Paid2 = paid, Carry2 = carry };

    public long Rate(int rate) => rate switch
    {
        0 => Rate1,
        1 => Rate2,
        2 => Rate3,
        _ => Rate4,
    };

    public RunningTotals WithRate(int rate, long microwattHours) => rate switch
    {
        0 => this with { Rate1 = microwattHours },
        1 => this with { Rate2 = microwattHours },
        2 => this with { Rate3 = microwattHours },
        _ => this with { Rate4 = microwattHours },
    };

    /// <summary>What a record proves to have been consumed is consumed, though the newest checkpoint is older.</summary>
    public RunningTotals AtLeast(long consumed) => consumed > Consumed ? this with { Paid1 = Paid1 + (consumed - Consumed) } : this;
}
