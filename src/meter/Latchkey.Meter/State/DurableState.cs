using System.Collections.Immutable;
using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Envelope;

namespace Latchkey.Meter.State;

/// <summary>Everything that transactions decide, tokens' keys and identifiers aside; it changes only by a record that is already durable.</summary>
public sealed record DurableState
{
    public const int RememberedTokens = 5;
    public const int RememberedReasons = 5;

    private static readonly ImmutableArray<BlockReference> NoBlocks = [default, default, default, default];

    /// <summary>Account, credits and charges, line by line.</summary>
    public AccountBook Book { get; init; }

    /// <summary>The parameter blocks in force, by <see cref="BlockKind"/>.</summary>
    public ImmutableArray<BlockReference> Blocks { get; init; } = NoBlocks;

    /// <summary>How far a firmware update has come.</summary>
    public UpdateStep Update { get; init; }

    /// <summary>Everything tokens ever granted, quanta.</summary>
    public long GrantedQuanta => Book[AccountLine.Granted];

    /// <summary>Everything ever taken away by clearing, expiry and closing, quanta.</summary>
    public long ForfeitedQuanta => Book[AccountLine.Forfeited];

    /// <summary>Everything that time and payment charges ever took, quanta.</summary>
    public long ChargedQuanta
    {
        get
        {
            long sum = 0;
            for (int charge = 0; charge < AccountSettings.MaxCharges; charge++) sum += Book.Charge(charge, ChargeLine.Paid);
            return sum;
        }
    }

    public SupplyDecision Supply { get; init; } = new(ControlState.Connected, DefaultMode, OffReasons.None);

    /// <summary>Tampers that wait for a clear-tamper token.</summary>
    public TamperInputs Tamper { get; init; }

    public uint BootCount { get; init; }

    /// <summary>Outgoing message counters up to this one may have been used.</summary>
    public uint ReservedCounter { get; init; }

    public ReplayWindow Incoming { get; init; }

    /// <summary>Wrong tokens in a row at the keypad, as far as they count for the lock-out.</summary>
    public byte Rejects { get; init; }

    public MeterParameters Parameters { get; init; } = MeterParameters.Default;

    /// <summary>The last accepted tokens, newest first.</summary>
    public ImmutableArray<AcceptedToken> LastTokens { get; init; } = [];

    /// <summary>The last reasons for which the supply went off, newest first.</summary>
    public ImmutableArray<OffOccasion> LastReasons { get; init; } = [];

    /// <summary>What the load switch has learned of its relays: for each its length, its number and bytes that are opaque here.</summary>
    public ImmutableArray<byte> SwitchLearning { get; init; } = [];

    /// <summary>Mode 6: the meter itself switches off and on again, the head-end may switch off, there is no button.</summary>
    private const byte DefaultMode = 6;

    internal DurableState WithLastToken(AcceptedToken token) =>
        this with { LastTokens = [token, .. LastTokens.Take(RememberedTokens - 1)] };
}

/// <summary>What may be set over the air.</summary>
/// <param name="LowCredit1Wh">First low-credit alarm, watt-hours.</param>
/// <param name="LowCredit2Wh">Second low-credit alarm, watt-hours.</param>
/// <param name="ReadingIntervalSeconds">Seconds between readings sent unasked; 0 for none.</param>
/// <param name="LoadLimitWatts">Load limit; 0 for none.</param>
public readonly record struct MeterParameters(int LowCredit1Wh, int LowCredit2Wh, int ReadingIntervalSeconds, int LoadLimitWatts)
{
    public static MeterParameters Default { get; } = new(20_000, 10_000, 900, 0);

    /// <summary>How far below nothing an accepted emergency credit goes, watt-hours; 0 for none.</summary>
    public int EmergencyLimitWh { get; init; }

    /// <summary>Below this balance emergency credit may be accepted, watt-hours.</summary>
    public int EmergencyThresholdWh { get; init; }

    /// <summary>When an empty credit does not switch off.</summary>
    public Payment.FriendlyPeriod Friendly { get; init; }

    public int UtcOffsetMinutes { get; init; }

    /// <summary>Credit is counted but does not switch.</summary>
    public bool IsPostpaid { get; init; }
}

/// <summary>Why and when the supply went off.</summary>
public readonly record struct OffOccasion(OffReasons Reason, long ClockSeconds);
