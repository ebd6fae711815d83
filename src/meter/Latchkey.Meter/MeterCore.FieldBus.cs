using Latchkey.Metrology;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter;

/// <summary>What the meter shows on a field bus.</summary>
public sealed partial class MeterCore
{
    private byte[] FieldBus()
    {
        Span<ushort> r = stackalloc ushort[RegisterImage.Count];
        r.Clear();
        MetrologyRegisters shown = _context.Shown;
        RegisterImage.Put(r, 0, 1, RegisterImage.MapVersion);
        RegisterImage.Put(r, 1, 1, _context.Profile.ModelNumber);
        RegisterImage.Put(r, 2, 4, (long)_context.Pan.Value);
        RegisterImage.Put(r, 6, 2, shown.ActiveImport / 1_000_000);
        RegisterImage.Put(r, 8, 2, shown.ActiveExport / 1_000_000);
        RegisterImage.Put(r, 10, 2, _context.Totals.BalanceMilli);
        RegisterImage.Put(r, 12, 2, shown.ActiveMilliwatts / 1_000);
        RegisterImage.Put(r, 14, 1, shown.FrequencyMillihertz / 10);
        RegisterImage.Put(r, 15, 1, (long)_supply.Decision.State);
        RegisterImage.Put(r, 16, 2, (uint)_supply.Decision.AllReasons);
        RegisterImage.Put(r, 18, 2, (uint)_context.State.Tamper);
        ReadOnlySpan<MetrologyRegisters> phases = _context.ShownPhases;
        for (int i = 0; i < phases.Length; i++)
        {
            RegisterImage.Put(r, 20 + i, 1, phases[i].VoltageMillivolts / 100);
            RegisterImage.Put(r, 23 + i, 1, phases[i].CurrentMicroamps / 10_000);
        }

        RegisterImage.Put(r, 26, 2, _context.State.BootCount);
        RegisterImage.Put(r, 28, 2, _context.UptimeSeconds);
        return RegisterImage.Encode(r);
    }
}
