using Latchkey.Meter;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Frames;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Bench;

/// <summary>Modules pulled and plugged in while a load runs, beside a meter whose module stays.</summary>
/// <param name="Quanta">Energy of the one less energy of the other.</param>
/// <param name="Samples">Samples counted, likewise.</param>
/// <param name="HasSameCredit">Whether both have the same totals.</param>
/// <param name="HasSameImage">Whether the metrology shows the hash that it showed before.</param>
public sealed record SwapTrial(int Swaps, long Quanta, long Samples, bool HasSameCredit, bool HasSameImage)
{
    private const int LoadWatts = 2_345;
    private const int Kinds = 6;
    private const int CreditWattHours = 500_000;
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>True when nothing differs.</summary>
    public bool IsUndisturbed => Quanta == 0 && Samples == 0 && HasSameCredit && HasSameImage;

    /// <param name="swaps">How many.</param>
    /// <param name="seed">Of the pauses and of what is plugged in.</param>
    public static SwapTrial Run(int swaps, int seed)
    {
        using var mint = new TestMint();
        using VirtualMeter swapped = Running(mint), reference = Running(mint);
        string keys = mint.Credit(CreditWattHours).ToString() + "#";
        foreach (VirtualMeter meter in (VirtualMeter[])[swapped, reference]) meter.Type(keys, pauseMs: 200);
        string before = VirtualMeter.MetrologyHash;
        var chance = new Random(seed);
        for (int i = 0; i < swaps; i++)
        {
            TimeSpan pause = TimeSpan.FromSeconds(1 + (chance.NextDouble() * 20));
            if (chance.Next(4) == 0) swapped.RemoveModule();
            else swapped.InsertModule((ModuleKind)(1 + chance.Next(Kinds)));
            swapped.Advance(pause);
            reference.Advance(pause);
        }

        MetrologyRegisters left = swapped.Snapshot.Registers, right = reference.Snapshot.Registers;
        return new SwapTrial(
            swaps, left.ActiveImport - right.ActiveImport, left.SampleCount - right.SampleCount, swapped.Snapshot.Totals == reference.Snapshot.Totals,
            before == VirtualMeter.MetrologyHash);
    }

    private static VirtualMeter Running(TestMint mint) => new(
        new VirtualMeterOptions
        {
            Profile = MeterProfile.Kpm31, Attributes = mint.Attributes, Key = mint.Key, MessageKey = new byte[16], Start = Start, Module = ModuleKind.Lte4G,
        },
        new MemoryNvmImage())
    {
        Load = new ConstantLoad(LoadWatts),
    };
}
