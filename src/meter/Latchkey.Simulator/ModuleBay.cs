using Latchkey.Meter.Hal;
using Latchkey.Modules;

namespace Latchkey.Simulator;

/// <summary>The slot as the meter sees it, with whatever module is plugged in.</summary>
internal sealed class ModuleBay : IModulePort
{
    private bool _powered;

    public CommunicationModule? Module { get; private set; }

    /// <summary>The clock of the network side, milliseconds.</summary>
    public long NowMs { get; set; }

    public bool IsPresent => Module is not null;

    public int CurrentMa => _powered ? Module?.CurrentMa ?? 0 : 0;

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
