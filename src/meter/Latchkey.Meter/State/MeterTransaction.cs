using System.Collections.Immutable;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.State;

/// <summary>One decision of the meter, whole or not at all: what it writes, and what it makes of the state.</summary>
internal abstract record MeterTransaction(RecordType Type)
{
    public abstract void Write(ref ByteWriter output);

    /// <summary>The state after it. Totals are absolute, so that applying twice is applying once.</summary>
    public abstract DurableState Apply(DurableState state);

    /// <summary>Reads a record; null for one that this firmware does not know, or that is too short.</summary>
    public static MeterTransaction? Read(RecordType type, ReadOnlySpan<byte> payload)
    {
        var input = new ByteReader(payload);
        MeterTransaction? read = type switch
        {
            RecordType.Boot => new Boot(input.UInt32()),
            RecordType.TokenAccepted => new TokenTaken(AcceptedToken.Read(ref input), ReadLines(ref input)),
            RecordType.KeyChangeToken => new KeyChangeTaken(ReadToken(ref input), input.UInt32(), input.Byte() != 0),
            RecordType.Control => new ControlChanged(DurableStateCodec.ReadSupply(ref input), new ReplayWindow(input.UInt32(), input.UInt32()), input.UInt32()),
            RecordType.TamperLatched => new TamperFound((TamperInputs)input.UInt32()),
            RecordType.Parameter => new ParameterChanged((MeterParameter)input.Byte(), input.Int64(), new ReplayWindow(input.UInt32(), input.UInt32())),
            RecordType.CounterReserve => new CounterReserved(input.UInt32()),
            RecordType.LockOut => new Rejected(input.Byte()),
            RecordType.Posting => new Posted(ReadLines(ref input)),
            RecordType.BlockAdopted => new BlockAdopted((BlockKind)input.Byte(), DurableStateCodec.ReadBlock(ref input), ReadLines(ref input)),
            RecordType.BlockMoved => new BlockMoved((BlockKind)input.Byte(), (BlockKind)input.Byte()),
            RecordType.UpdateStep => new UpdateStepped(DurableStateCodec.ReadUpdate(ref input)),
            RecordType.SwitchLearning => new SwitchLearned([.. payload]),
            _ => null,
        };
        return input.Ok ? read : null;
    }

    private static void WriteLines(ref ByteWriter output, ImmutableArray<BookLine> lines)
    {
        foreach (BookLine line in lines) DurableStateCodec.WriteLine(ref output, line);
    }

    private static ImmutableArray<BookLine> ReadLines(ref ByteReader input)
    {
        var lines = ImmutableArray.CreateBuilder<BookLine>();
        while (!input.IsAtEnd) lines.Add(DurableStateCodec.ReadLine(ref input));
        return lines.ToImmutable();
    }

    private static TokenBytes ReadToken(ref ByteReader input) =>
        TokenBytes.TryRead(input.Bytes(TokenBytes.Length), out TokenBytes token) ? token : default;

    /// <summary>A start of the meter.</summary>
    public sealed record Boot(uint Count) : MeterTransaction(RecordType.Boot)
    {
        public override void Write(ref ByteWriter output) => output.UInt32(Count);

        public override DurableState Apply(DurableState state) => state with { BootCount = Count };
    }

    /// <summary>A token was accepted: its identifier is used and its effect holds.</summary>
    public sealed record TokenTaken(AcceptedToken Token, ImmutableArray<BookLine> Lines) : MeterTransaction(RecordType.TokenAccepted)
    {
        public override void Write(ref ByteWriter output)
        {
            Token.Write(ref output);
            WriteLines(ref output, Lines);
        }

        public override DurableState Apply(DurableState state)
        {
            state = state.WithLastToken(Token) with { Rejects = 0, Book = state.Book.With(Lines.AsSpan()) };
            return Token.Effect switch
            {
                AcceptedEffect.ClearTamper => state with { Tamper = TamperInputs.None },
                AcceptedEffect.SetPowerLimit => state with { Parameters = state.Parameters with { LoadLimitWatts = (int)Math.Clamp(Token.Value, 0, int.MaxValue) } },
                _ => state,
            };
        }
    }

    /// <summary>A key-change token was taken; recovery shows it to the acceptor again, which puts the set together as it did the first time.</summary>
    public sealed record KeyChangeTaken(TokenBytes Token, uint UptimeSeconds, bool Completes) : MeterTransaction(RecordType.KeyChangeToken)
    {
        public override void Write(ref ByteWriter output)
        {
            Span<byte> bytes = stackalloc byte[TokenBytes.Length];
            Token.WriteTo(bytes);
            output.Bytes(bytes);
            output.UInt32(UptimeSeconds);
            output.Byte(Completes ? (byte)1 : (byte)0);
        }

        public override DurableState Apply(DurableState state) => Completes
            ? state.WithLastToken(new AcceptedToken(0, AcceptedEffect.KeyChange, 0, Token.Fingerprint())) with { Rejects = 0 }
            : state;
    }

    /// <summary>The supply decision changed; a remote command brings its message counter along, so that it cannot be replayed.</summary>
    /// <param name="Supply">The decision that holds now.</param>
    /// <param name="Incoming">The replay window that holds now.</param>
    /// <param name="ClockSeconds">When, seconds since 1970-01-01 UTC, or 0.</param>
    public sealed record ControlChanged(SupplyDecision Supply, ReplayWindow Incoming, uint ClockSeconds) : MeterTransaction(RecordType.Control)
    {
        public override void Write(ref ByteWriter output)
        {
            DurableStateCodec.WriteSupply(ref output, Supply);
            output.UInt32(Incoming.Highest);
            output.UInt32(Incoming.Seen);
            output.UInt32(ClockSeconds);
        }

        public override DurableState Apply(DurableState state)
        {
            OffReasons begun = OffReasonTable.Foremost(Supply.AllReasons & ~state.Supply.AllReasons);
            bool wentOff = !Supply.WantsClosed && begun != OffReasons.None;
            return state with
            {
                Supply = Supply,
                Incoming = Incoming,
                LastReasons = wentOff
                    ? [new OffOccasion(begun, ClockSeconds), .. state.LastReasons.Take(DurableState.RememberedReasons - 1)]
                    : state.LastReasons,
            };
        }
    }

    public sealed record TamperFound(TamperInputs Latched) : MeterTransaction(RecordType.TamperLatched)
    {
        public override void Write(ref ByteWriter output) => output.UInt32((uint)Latched);

        public override DurableState Apply(DurableState state) => state with { Tamper = Latched };
    }

    public sealed record ParameterChanged(MeterParameter Parameter, long Value, ReplayWindow Incoming) : MeterTransaction(RecordType.Parameter)
    {
        public override void Write(ref ByteWriter output)
        {
            output.Byte((byte)Parameter);
            output.Int64(Value);
            output.UInt32(Incoming.Highest);
            output.UInt32(Incoming.Seen);
        }

        public override DurableState Apply(DurableState state)
        {
            state = state with { Incoming = Incoming };
            return ParameterRules.Apply(state, Parameter, Value) ?? state;
        }
    }

    public sealed record CounterReserved(uint UpTo) : MeterTransaction(RecordType.CounterReserve)
    {
        public override void Write(ref ByteWriter output) => output.UInt32(UpTo);

        public override DurableState Apply(DurableState state) => state with { ReservedCounter = UpTo };
    }

    public sealed record Rejected(byte Count) : MeterTransaction(RecordType.LockOut)
    {
        public override void Write(ref ByteWriter output) => output.Byte(Count);

        public override DurableState Apply(DurableState state) => state with { Rejects = Count };
    }

    /// <summary>Money moved, or something of the account changed: every line that did, with the value that holds now.</summary>
    public sealed record Posted(ImmutableArray<BookLine> Lines) : MeterTransaction(RecordType.Posting)
    {
        public override void Write(ref ByteWriter output) => WriteLines(ref output, Lines);

        public override DurableState Apply(DurableState state) => state with { Book = state.Book.With(Lines.AsSpan()) };
    }

    /// <summary>A parameter block that is already written counts from now on, with what it changes in the book.</summary>
    public sealed record BlockAdopted(BlockKind Kind, BlockReference Block, ImmutableArray<BookLine> Lines) : MeterTransaction(RecordType.BlockAdopted)
    {
        public override void Write(ref ByteWriter output)
        {
            output.Byte((byte)Kind);
            DurableStateCodec.WriteBlock(ref output, Block);
            WriteLines(ref output, Lines);
        }

        public override DurableState Apply(DurableState state) => (int)Kind < state.Blocks.Length
            ? state with { Blocks = state.Blocks.SetItem((int)Kind, Block), Book = state.Book.With(Lines.AsSpan()) }
            : state;
    }

    /// <summary>The block of one kind becomes that of another, and the first has none: a future calendar comes into force.</summary>
    public sealed record BlockMoved(BlockKind From, BlockKind To) : MeterTransaction(RecordType.BlockMoved)
    {
        public override void Write(ref ByteWriter output)
        {
            output.Byte((byte)From);
            output.Byte((byte)To);
        }

        public override DurableState Apply(DurableState state) => (int)From < state.Blocks.Length && (int)To < state.Blocks.Length
            ? state with { Blocks = state.Blocks.SetItem((int)To, state.Blocks[(int)From]).SetItem((int)From, default) }
            : state;
    }

    public sealed record UpdateStepped(UpdateStep Step) : MeterTransaction(RecordType.UpdateStep)
    {
        public override void Write(ref ByteWriter output) => DurableStateCodec.WriteUpdate(ref output, Step);

        public override DurableState Apply(DurableState state) => state with { Update = Step };
    }

    public sealed record SwitchLearned(byte[] Learning) : MeterTransaction(RecordType.SwitchLearning)
    {
        public override void Write(ref ByteWriter output) => output.Bytes(Learning);

        /// <summary>Takes the place of what was kept of the same relay: the first byte is its number.</summary>
        public override DurableState Apply(DurableState state)
        {
            if (Learning.Length == 0) return state;
            var kept = new List<byte>();
            ReadOnlySpan<byte> old = state.SwitchLearning.AsSpan();
            while (old.Length > 1 && old[0] > 0 && old.Length > old[0])
            {
                if (old[1] != Learning[0]) kept.AddRange(old[..(1 + old[0])]);
                old = old[(1 + old[0])..];
            }

            return state with { SwitchLearning = [.. kept, (byte)Learning.Length, .. Learning] };
        }
    }
}
