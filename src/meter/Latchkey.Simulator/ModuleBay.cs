using Latchkey.Meter.Hal;
using Latchkey.Modules;

namespace Latchkey.Simulator;

/// <summary>The slot as the meter sees it, with whatever module is plugged in.</summary>
internal sealed class ModuleBay : IModulePort
{
    private const int InrushLimitMa = 1_000;
    private const double HostVolts = 12;
    private const double HostMicrofarads = 1_000;
    private bool _powered;

    public CommunicationModule? Module { get; private set; }

    /// <summary>The clock of the network side, milliseconds.</summary>
    public long NowMs { get; set; }

    public bool IsPresent => Module is not null;

    /// <summary>What the comparator sees: the charging of a module's capacitor is over before its filter; a short draws the limit for ever.</summary>
    public int CurrentMa => !_powered || Module is null ? 0 : IsShorted ? InrushLimitMa : Module.CurrentMa;

    /// <summary>True while the module in the slot is broken inside.</summary>
    public bool IsShorted { get; set; }

    /// <summary>The lowest that the host's own 12 V go when a module is plugged in, volts.</summary>
    /// <param name="moduleMicrofarads">The module's capacitor, empty.</param>
    /// <param name="isLimited">Whether the inrush is limited to 1 A, which the supply can give beside the meter's own load.</param>
    public static double LowestHostVolts(double moduleMicrofarads, bool isLimited) =>
        isLimited ? HostVolts : HostVolts * HostMicrofarads / (HostMicrofarads + moduleMicrofarads);

    public bool Powered
    {
        get => _powered;
        set
        {
            _powered = value;
            Module?.SetPower(value, NowMs);
        }
    }

    public void Insert(CommunicationModule module)
    {
        Module = module;
        module.SetPower(_powered, NowMs);
    }

    public void Remove()
    {
        Module?.SetPower(on: false, NowMs);
        Module = null;
    }

    public int Read(Span<byte> destination) => Module?.ToMeter(destination) ?? 0;

    public void Write(ReadOnlySpan<byte> bytes) => Module?.FromMeter(bytes);
}
