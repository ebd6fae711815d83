using System.Collections.Immutable;

namespace Latchkey.ModuleLink.Messages;

/// <summary>What meter and head-end say to each other, end to end; modules and networks carry it unread.</summary>
/// <remarks>
/// Amounts called milli are thousandths of the meter's credit unit: of a kilowatt-hour (so watt-hours) in energy mode, of the currency in currency mode.
/// Times are seconds since 1970-01-01 UTC. <c>Sequence</c> is chosen by the asker and repeated in the answer.
/// </remarks>
public abstract record MeterMessage
{
    private MeterMessage()
    {
    }

    /// <summary>One token to enter. <c>[1, seq, h'9 bytes']</c></summary>
    public sealed record TokenPush(uint Sequence, TokenBytes Token) : MeterMessage;

    /// <summary>A whole key-change set, 2 to 4 tokens in any order. <c>[2, seq, [h'9 bytes', ...]]</c></summary>
    public sealed record KeyChangeSetPush(uint Sequence, ImmutableArray<TokenBytes> Tokens) : MeterMessage
    {
        public const int MinTokens = 2;
        public const int MaxTokens = 4;

        public bool Equals(KeyChangeSetPush? other) =>
            other is not null && Sequence == other.Sequence && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan());

        public override int GetHashCode() => HashCode.Combine(Sequence, Tokens.Length);
    }

    /// <summary>Remote disconnect or reconnect (COSEM class 70). <c>[3, seq, action]</c></summary>
    public sealed record RelayCommand(uint Sequence, RelayAction Action) : MeterMessage;

    /// <summary>One parameter to set. <c>[4, seq, parameter, value]</c></summary>
    public sealed record ParameterSet(uint Sequence, MeterParameter Parameter, long Value) : MeterMessage;

    /// <summary>Asks for a reading now. <c>[5, seq]</c></summary>
    public sealed record ReadingRequest(uint Sequence) : MeterMessage;

    /// <summary>The meter's word on one token. <c>[0x81, seq, status, balanceMilli(, h'fingerprint')]</c></summary>
    /// <param name="Sequence">That of the push, or 0 for a token that was typed at the keypad.</param>
    /// <param name="Status">The result; for a pushed key-change set, that of the token that decided.</param>
    /// <param name="BalanceMilli">The balance after it; may be negative.</param>
    /// <param name="Token">Which token is meant; always sent by this meter, absent in the short form.</param>
    public sealed record TokenResult(uint Sequence, TokenStatus Status, long BalanceMilli, TokenFingerprint? Token = null) : MeterMessage;

    /// <summary>The meter's word on a key-change set, one status per token in the order of the push. <c>[0x82, seq, [status, ...]]</c></summary>
    public sealed record KeyChangeSetResult(uint Sequence, ImmutableArray<TokenStatus> Statuses) : MeterMessage
    {
        public bool Equals(KeyChangeSetResult? other) =>
            other is not null && Sequence == other.Sequence && Statuses.AsSpan().SequenceEqual(other.Statuses.AsSpan());

        public override int GetHashCode() => HashCode.Combine(Sequence, Statuses.Length);
    }

    /// <summary>The answer to a relay command or a parameter. <c>[0x83, seq, status, relay]</c></summary>
    public sealed record CommandResult(uint Sequence, CommandStatus Status, RelayReport Relay) : MeterMessage;

    /// <summary>The first word after power-up. <c>[0x90, bootCount, outageSeconds, rssi, coverageClass, lastTid, balanceMilli]</c></summary>
    /// <param name="BootCount">Starts of the meter since manufacture.</param>
    /// <param name="OutageSeconds">How long the mains was away, as far as the meter can know; 0 when unknown.</param>
    /// <param name="RssiDbm">Signal strength in dBm.</param>
    /// <param name="CoverageClass">0 normal, 1 extended, 2 extreme.</param>
    /// <param name="LastTid">The newest token identifier accepted, minutes since its base date; 0 for none.</param>
    /// <param name="BalanceMilli">The balance; may be negative.</param>
    public sealed record Hello(uint BootCount, uint OutageSeconds, int RssiDbm, byte CoverageClass, uint LastTid, long BalanceMilli) : MeterMessage;

    /// <summary>Readings and state at one time, as a map; absent keys were not asked for or do not apply.</summary>
    public sealed record Reading : MeterMessage
    {
        /// <summary>Key 0: seconds since 1970-01-01 UTC by the meter's clock.</summary>
        public required long Timestamp { get; init; }

        /// <summary>Key 1: active energy import (+A) in watt-hours, rounded down.</summary>
        public required long EnergyWh { get; init; }

        /// <summary>Key 2: the balance in milli-units; may be negative.</summary>
        public required long BalanceMilli { get; init; }

        /// <summary>Key 3.</summary>
        public required RelayReport Relay { get; init; }

        /// <summary>Key 4: active power in watts, positive when consumed.</summary>
        public required int PowerW { get; init; }

        /// <summary>Key 5: voltage in tenths of a volt, of the first phase.</summary>
        public required int VoltageDeciV { get; init; }

        /// <summary>Key 6: current in milliamperes, the sum of the phases.</summary>
        public required int CurrentMa { get; init; }

        /// <summary>Key 7: everything ever granted by tokens, in milli-units. Its growth proves a credit by reading back.</summary>
        public long? GrantedMilli { get; init; }

        /// <summary>Key 8: everything ever consumed, in milli-units.</summary>
        public long? ConsumedMilli { get; init; }

        /// <summary>Key 9: the set of off-reasons, as bits.</summary>
        public uint? OffReasons { get; init; }

        /// <summary>Key 10: tamper bits.</summary>
        public uint? TamperBits { get; init; }

        /// <summary>Key 11: frequency in millihertz.</summary>
        public int? FrequencyMilliHz { get; init; }

        /// <summary>Key 12: power factor in thousandths, signed.</summary>
        public int? PowerFactorMilli { get; init; }
    }

    /// <summary>Entries of the event log, oldest first. <c>[0x91, [[code, timestamp, detail], ...]]</c></summary>
    public sealed record EventReport(ImmutableArray<EventEntry> Entries) : MeterMessage
    {
        public const int MaxEntries = 16;

        public bool Equals(EventReport? other) => other is not null && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

        public override int GetHashCode() => Entries.Length;
    }
}

/// <summary>One event: its code (see docs/meter-codes.md), when, and a detail whose meaning depends on the code.</summary>
public readonly record struct EventEntry(uint Code, long Timestamp, long Detail);
