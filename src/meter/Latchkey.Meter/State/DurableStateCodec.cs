using System.Collections.Immutable;
using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Envelope;

namespace Latchkey.Meter.State;

/// <summary>The state as the bytes of a snapshot.</summary>
internal static class DurableStateCodec
{
    public const int MaxLength = 1_024;
    private const byte Version = 1;

    public static void Write(ref ByteWriter output, DurableState state, ReadOnlySpan<byte> tokenState)
    {
        output.Byte(Version);
        output.Int64(state.GrantedQuanta);
        output.Int64(state.ForfeitedQuanta);
        WriteSupply(ref output, state.Supply);
        output.UInt32((uint)state.Tamper);
        output.UInt32(state.BootCount);
        output.UInt32(state.ReservedCounter);
        output.UInt32(state.Incoming.Highest);
        output.UInt32(state.Incoming.Seen);
        output.Byte(state.Rejects);
        WriteParameters(ref output, state.Parameters);
        output.Byte(state.EmergencyActive ? (byte)1 : (byte)0);
        output.Byte((byte)state.LastTokens.Length);
        foreach (AcceptedToken token in state.LastTokens) token.Write(ref output);
        output.Byte((byte)state.LastReasons.Length);
        foreach (OffOccasion occasion in state.LastReasons)
        {
            output.UInt32((uint)occasion.Reason);
            output.Int64(occasion.ClockSeconds);
        }

        output.UInt16((ushort)state.SwitchLearning.Length);
        output.Bytes(state.SwitchLearning.AsSpan());
        output.UInt16((ushort)tokenState.Length);
        output.Bytes(tokenState);
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out DurableState state, out byte[] tokenState)
    {
        var input = new ByteReader(bytes);
        state = new DurableState();
        tokenState = [];
        if (input.Byte() != Version) return false;
        state = state with
        {
            GrantedQuanta = input.Int64(),
            ForfeitedQuanta = input.Int64(),
            Supply = ReadSupply(ref input),
            Tamper = (TamperInputs)input.UInt32(),
            BootCount = input.UInt32(),
            ReservedCounter = input.UInt32(),
            Incoming = new ReplayWindow(input.UInt32(), input.UInt32()),
            Rejects = input.Byte(),
            Parameters = ReadParameters(ref input),
            EmergencyActive = input.Byte() != 0,
            LastTokens = ReadTokens(ref input),
            LastReasons = ReadReasons(ref input),
        };
        state = state with { SwitchLearning = [.. input.Bytes(input.UInt16())] };
        tokenState = input.Bytes(input.UInt16()).ToArray();
        return input.Ok;
    }

    public static void WriteSupply(ref ByteWriter output, SupplyDecision supply)
    {
        output.Byte((byte)supply.State);
        output.Byte(supply.Mode);
        output.UInt32((uint)supply.Reasons);
    }

    public static SupplyDecision ReadSupply(ref ByteReader input) =>
        new((ControlState)input.Byte(), input.Byte(), (OffReasons)input.UInt32());

    private static void WriteParameters(ref ByteWriter output, MeterParameters parameters)
    {
        output.UInt32((uint)parameters.LowCredit1Wh);
        output.UInt32((uint)parameters.LowCredit2Wh);
        output.UInt32((uint)parameters.ReadingIntervalSeconds);
        output.UInt32((uint)parameters.LoadLimitWatts);
        output.UInt32((uint)parameters.EmergencyLimitWh);
        output.UInt32((uint)parameters.EmergencyThresholdWh);
        output.UInt32((uint)parameters.Friendly.ToInt32());
        output.Int64(parameters.UtcOffsetMinutes);
        output.Byte(parameters.IsPostpaid ? (byte)1 : (byte)0);
    }

    private static MeterParameters ReadParameters(ref ByteReader input) => new(Positive(ref input), Positive(ref input), Positive(ref input), Positive(ref input))
    {
        EmergencyLimitWh = Positive(ref input),
        EmergencyThresholdWh = Positive(ref input),
        Friendly = FriendlyPeriod.FromInt32(Positive(ref input)),
        UtcOffsetMinutes = (int)Math.Clamp(input.Int64(), -14 * 60, 14 * 60),
        IsPostpaid = input.Byte() != 0,
    };

    private static int Positive(ref ByteReader input) => (int)(input.UInt32() & int.MaxValue);

    private static ImmutableArray<AcceptedToken> ReadTokens(ref ByteReader input)
    {
        int count = Math.Min(input.Byte(), (byte)DurableState.RememberedTokens);
        var tokens = new List<AcceptedToken>();
        for (int i = 0; i < count; i++) tokens.Add(AcceptedToken.Read(ref input));
        return [.. tokens];
    }

    private static ImmutableArray<OffOccasion> ReadReasons(ref ByteReader input)
    {
        int count = Math.Min(input.Byte(), (byte)DurableState.RememberedReasons);
        var reasons = new List<OffOccasion>();
        for (int i = 0; i < count; i++) reasons.Add(new OffOccasion((OffReasons)input.UInt32(), input.Int64()));
        return [.. reasons];
    }
}
