using Latchkey.Dlms.Cosem;
using CsCheck;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.State;
using Latchkey.Meter.Tokens;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Tests.Journal;

public sealed class SlotCodecTests
{
    private static readonly Gen<byte[]> Payloads = Gen.Byte.Array[0, SlotCodec.PayloadSize];

    [Fact]
    public void Read_OfWrite_IsTheSlot() => Gen.Select(Payloads, Gen.UInt, Gen.Int[0, 8_191]).Sample((payload, sequence, index) =>
    {
        byte[] slot = Written(payload, sequence, index);
        return SlotCodec.TryRead(slot, index, out SlotHeader header) && header.Sequence == sequence && SlotCodec.Payload(slot, header).SequenceEqual(payload);
    });

    [Fact]
    public void Read_AnyOneBitFlipped_IsRefused() => Gen.Select(Payloads, Gen.Int[0, (SlotCodec.Size * 8) - 1]).Sample((payload, bit) =>
    {
        byte[] slot = Written(payload, 7, 42);
        slot[bit / 8] ^= (byte)(1 << (bit % 8));
        return !SlotCodec.TryRead(slot, 42, out _);
    });

    [Fact]
    public void Read_InAnotherPlace_IsRefused() => Assert.False(SlotCodec.TryRead(Written([1, 2, 3], 7, 42), 43, out _));

    [Fact]
    public void Read_Erased_IsRefused()
    {
        byte[] erased = new byte[SlotCodec.Size];
        Assert.False(SlotCodec.TryRead(erased, 0, out _));
        erased.AsSpan().Fill(0xFF);
        Assert.False(SlotCodec.TryRead(erased, 0, out _));
    }

    [Fact]
    public void Checkpoint_RoundTrip_KeepsEveryRemainder() => Gen.Select(Gen.Long[0, long.MaxValue / 2], Gen.Long[0, long.MaxValue], Gen.UInt).Sample((quanta, rest, up) =>
    {
        var counter = new EnergyCounter(quanta, (Int128)rest * 1_000_000 % EnergyCounter.UnitsPerQuantum);
        var written = new Checkpoint(new MetrologyState(counter, counter, counter, counter, counter, counter, quanta, rest), Running(rest), quanta, up);
        byte[] bytes = new byte[PageIo.MaxPayload];
        var writer = new ByteWriter(bytes);
        written.Write(ref writer);
        return Checkpoint.TryRead(writer.Written, out Checkpoint read) && read == written;
    });

    [Fact]
    public void Checkpoint_LargestRemainder_Fits()
    {
        var counter = new EnergyCounter(long.MaxValue, EnergyCounter.UnitsPerQuantum - 1);
        byte[] bytes = new byte[PageIo.MaxPayload];
        var writer = new ByteWriter(bytes);
        new Checkpoint(new MetrologyState(counter, counter, counter, counter, counter, counter, 1, 2), Running(long.MaxValue), 4, 5).Write(ref writer);
        Assert.True(Checkpoint.TryRead(writer.Written, out Checkpoint read));
        Assert.Equal(counter, read.Metrology.Reactive4);
    }

    [Fact]
    public void Transactions_EachFitsOneSlotAndReadsBack()
    {
        Assert.True(TokenBytes.TryRead([3, 1, 2, 3, 4, 5, 6, 7, 8], out TokenBytes token));
        MeterTransaction[] all =
        [
            new MeterTransaction.Boot(9),
            new MeterTransaction.TokenTaken(new AcceptedToken(0xABCDEF, AcceptedEffect.Credit, long.MaxValue, new TokenFingerprint(ulong.MaxValue)), []),
            new MeterTransaction.KeyChangeTaken(token, uint.MaxValue, Completes: true),
            new MeterTransaction.ControlChanged(new SupplyDecision(ControlState.ReadyForReconnection, 7, OffReasons.Credit), new ReplayWindow(5, 6), 7),
            new MeterTransaction.TamperFound(TamperInputs.MeterCover),
            new MeterTransaction.ParameterChanged(MeterParameter.LoadLimitWatts, 4_000, new ReplayWindow(8, 9)),
            new MeterTransaction.CounterReserved(64),
            new MeterTransaction.Rejected(3),
            new MeterTransaction.Posted([new BookLine(3, 5), new BookLine(96, -1)]),
            new MeterTransaction.BlockAdopted(BlockKind.Supply, new BlockReference(5, 9, 1_952, uint.MaxValue), []),
            new MeterTransaction.BlockMoved(BlockKind.FutureCalendar, BlockKind.Calendar),
            new MeterTransaction.UpdateStepped(new UpdateStep(3, 1, 2, uint.MaxValue, ulong.MaxValue)),
        ];
        foreach (MeterTransaction transaction in all)
        {
            byte[] bytes = new byte[SlotCodec.PayloadSize];
            var writer = new ByteWriter(bytes);
            transaction.Write(ref writer);
            MeterTransaction? read = MeterTransaction.Read(transaction.Type, writer.Written);
            Assert.NotNull(read);
            byte[] again = new byte[SlotCodec.PayloadSize];
            var second = new ByteWriter(again);
            read.Write(ref second);
            Assert.Equal(writer.Written, second.Written);
            Assert.Null(MeterTransaction.Read(transaction.Type, writer.Written[..^1]));
        }
    }

    [Fact]
    public void Transactions_FromArbitraryBytes_NeverThrow() => Gen.Select(Gen.Byte, Payloads).Sample((type, payload) =>
    {
        MeterTransaction? read = MeterTransaction.Read((RecordType)type, payload);
        return read is null || read.Apply(new DurableState()) is not null;
    });

    [Fact]
    public void State_FromArbitraryBytes_NeverThrows() => Gen.Byte.Array[0, 700].Sample(bytes => DurableStateCodec.TryRead(bytes, out _, out _) || true);

    [Fact]
    public void State_RoundTrip_KeepsEverything()
    {
        var state = new DurableState
        {
            Book = default(AccountBook).With(new BookLine(0, 5), new BookLine(127, -6), new BookLine((byte)AccountLine.Granted, 100_000_000_000_000_000)),
            Blocks = [default, new BlockReference(1, 2, 3, 4), default, new BlockReference(5, 6, 7, 8)],
            Update = new UpdateStep(1, 2, 3, 4, 5),
            Supply = new SupplyDecision(ControlState.Disconnected, 4, OffReasons.Magnet),
            Tamper = TamperInputs.TerminalCover,
            BootCount = 7,
            ReservedCounter = 128,
            Incoming = new ReplayWindow(10, 11),
            Rejects = 2,
            Parameters = new MeterParameters(1, 2, 3, 4)
            {
                EmergencyLimitWh = 5,
                EmergencyThresholdWh = 6,
                Friendly = new FriendlyPeriod(0x60, 18, 8),
                UtcOffsetMinutes = -300,
                IsPostpaid = true,
            },
            LastTokens = [new AcceptedToken(1, AcceptedEffect.Credit, 2, new TokenFingerprint(3))],
            LastReasons = [new OffOccasion(OffReasons.Credit, 99)],
            SwitchLearning = [1, 2, 3],
        };
        byte[] bytes = new byte[DurableStateCodec.MaxLength];
        var writer = new ByteWriter(bytes);
        DurableStateCodec.Write(ref writer, state, [9, 8, 7]);
        Assert.True(DurableStateCodec.TryRead(writer.Written, out DurableState read, out byte[] tokens));
        Assert.Equal([9, 8, 7], tokens);
        Assert.Equivalent(state, read, strict: true);
    }

    [Fact]
    public void RecordTypes_KeepTheirNumbers() =>
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 30, 31, 32, 33, 40, 64, 65], Enum.GetValues<RecordType>().Select(t => (int)t));

    private static RunningTotals Running(long seed) => new(seed, 1, seed, 2, seed, 3, seed, 4, seed, 5);

    private static byte[] Written(byte[] payload, uint sequence, int index)
    {
        byte[] slot = new byte[SlotCodec.Size];
        SlotCodec.Write(slot, new SlotHeader(RecordType.Boot, 0, 1, payload.Length, sequence), payload, index);
        return slot;
    }
}
