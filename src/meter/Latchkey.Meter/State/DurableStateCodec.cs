using System.Collections.Immutable;
using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Envelope;

namespace Latchkey.Meter.State;

/// <summary>The state as the bytes of a snapshot.</summary>
internal static class DurableStateCodec
{
    public const int MaxLength = 3_072;
    private const byte Version = 2;
    private const long LargestLine = 4 * CreditTotals.Capacity;

    public static void Write(ref ByteWriter output, DurableState state, ReadOnlySpan<byte> tokenState)
    {
        output.Byte(Version);
        WriteBook(ref output, state.Book);
        foreach (BlockReference block in state.Blocks) WriteBlock(ref output, block);
        WriteUpdate(ref output, state.Update);
        WriteSupply(ref output, state.Supply);
        output.UInt32((uint)state.Tamper);
        output.UInt32(state.BootCount);
        output.UInt32(state.ReservedCounter);
        output.UInt32(state.Incoming.Highest);
        output.UInt32(state.Incoming.Seen);
        output.Byte(state.Rejects);
        WriteParameters(ref output, state.Parameters);
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
            Book = ReadBook(ref input),
            Blocks = ReadBlocks(ref input),
            Update = ReadUpdate(ref input),
            Supply = ReadSupply(ref input),
            Tamper = (TamperInputs)input.UInt32(),
            BootCount = input.UInt32(),
            ReservedCounter = input.UInt32(),
            Incoming = new ReplayWindow(input.UInt32(), input.UInt32()),
            Rejects = input.Byte(),
            Parameters = ReadParameters(ref input),
            LastTokens = ReadTokens(ref input),
            LastReasons = ReadReasons(ref input),
        };
        state = state with { SwitchLearning = [.. input.Bytes(input.UInt16())] };
        tokenState = input.Bytes(input.UInt16()).ToArray();
        return input.Ok;
    }

    public static void WriteBlock(ref ByteWriter output, in BlockReference block)
    {
        output.Byte(block.Area);
        output.UInt16(block.Version);
        output.UInt16(block.Length);
        output.UInt32(block.Crc);
    }

    public static BlockReference ReadBlock(ref ByteReader input) => new(input.Byte(), input.UInt16(), input.UInt16(), input.UInt32());

    public static void WriteUpdate(ref ByteWriter output, in UpdateStep step)
    {
        output.Byte(step.Step);
        output.Byte(step.Bank);
        output.Byte(step.Attempts);
        output.UInt32(step.Position);
        output.Int64(unchecked((long)step.Image));
    }

    public static UpdateStep ReadUpdate(ref ByteReader input) =>
        new(input.Byte(), input.Byte(), input.Byte(), input.UInt32(), unchecked((ulong)input.Int64()));

    public static void WriteLine(ref ByteWriter output, BookLine line)
    {
        output.Byte(line.Line);
        output.Packed(line.Value);
    }

    /// <summary>Values that no meter writes are held where sums of them cannot overflow.</summary>
    public static BookLine ReadLine(ref ByteReader input) => new(input.Byte(), Math.Clamp(input.Packed(), -LargestLine, LargestLine));

    // Most lines of most meters are zero.
    private static void WriteBook(ref ByteWriter output, AccountBook book)
    {
        ReadOnlySpan<long> lines = book.AsSpan();
        byte count = 0;
        foreach (long value in lines) count += value != 0 ? (byte)1 : (byte)0;
        output.Byte(count);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] != 0) WriteLine(ref output, new BookLine((byte)i, lines[i]));
        }
    }

    private static AccountBook ReadBook(ref ByteReader input)
    {
        var lines = new BookLine[Math.Min(input.Byte(), (byte)AccountBook.Lines)];
        for (int i = 0; i < lines.Length; i++) lines[i] = ReadLine(ref input);
        return default(AccountBook).With(lines);
    }

    private static ImmutableArray<BlockReference> ReadBlocks(ref ByteReader input)
    {
        var blocks = new BlockReference[BlockStore.Kinds];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = ReadBlock(ref input);
        return [.. blocks];
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
