using Latchkey.Dlms.Server;
using Latchkey.Meter;
using Latchkey.Meter.Cosem;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator;

/// <summary>The meter's DLMS line: a server that is there while the processor runs, and that lives in the meter's time.</summary>
public sealed partial class VirtualMeter
{
    /// <summary>Bytes of the store of settings, keys and profiles.</summary>
    public const int StoreSize = MeterCosem.StoreSize;

    /// <summary>The meter as COSEM objects; null without power or without a DLMS line. Each start of the meter makes a new one.</summary>
    public MeterCosem? Cosem => IsRunning ? _core!.Cosem : null;

    /// <summary>The server of the line, for a host that puts it on a network; everything else must keep away from the meter meanwhile.</summary>
    public DlmsServer? DlmsServer => Cosem?.Server;

    /// <summary>The store of settings, keys and profiles, with its cuts and wear.</summary>
    public EepromModel Store => _store;

    private CosemEquipment? Line() => _options.Cosem is null
        ? null
        : new CosemEquipment(_store, _options.Challenges ?? new SeededChallenges(_options.Seed), new ClockSetter(this));

    private void Connect(MeterCore core)
    {
        if (core.Cosem is not { } cosem) return;
        cosem.Server.Entering = () => Enter(core);
        cosem.Server.Leaving = () => Leave(core);
    }

    // Whoever asks the meter sees it as of now: what was drawn until now is booked first.
    private bool Enter(MeterCore core)
    {
        if (!ReferenceEquals(core, _core) || !IsRunning) return false;
        Guard(Settle);
        if (!IsRunning) return false;
        core.Attend(Time());
        return true;
    }

    private void Leave(MeterCore core)
    {
        core.Attend(Time());
        Guard(Serve);
    }

    private sealed class ClockSetter(VirtualMeter meter) : IRealTimeClock
    {
        public bool TrySet(long unixSeconds)
        {
            meter.ClockErrorSeconds = unixSeconds - meter.Now.ToUnixTimeSeconds();
            return true;
        }
    }

    /// <summary>Challenges that replay with the seed.</summary>
    private sealed class SeededChallenges(int seed) : IChallengeSource
    {
        private readonly Random _random = new(seed);

        public void Fill(Span<byte> challenge) => _random.NextBytes(challenge);
    }
}
