using System.Buffers.Binary;
using System.Collections.Immutable;
using Latchkey.ModuleLink.Cbor;
using static Latchkey.ModuleLink.Messages.MeterMessage;

namespace Latchkey.ModuleLink.Messages;

public static partial class MeterMessageCodec
{
    private static MeterMessage? ReadArray(ref CborCursor cbor)
    {
        if (!cbor.TryReadArray(out int count) || !cbor.TryReadUInt32(out uint type)) return null;
        if ((type, count) == ((uint)MessageType.EventReport, 2)) return ReadEvents(ref cbor);
        if (!cbor.TryReadUInt32(out uint sequence)) return null;
        return ((MessageType)Math.Min(type, byte.MaxValue), count) switch
        {
            (MessageType.TokenPush, 3) => ReadToken(ref cbor, out TokenBytes token) ? new TokenPush(sequence, token) : null,
            (MessageType.KeyChangeSetPush, 3) => ReadKeyChangeSet(ref cbor, sequence),
            (MessageType.RelayCommand, 3) => ReadEnum(ref cbor, out RelayAction action) ? new RelayCommand(sequence, action) : null,
            // A parameter this build does not know is answered, not dropped, so its number is not judged here.
            (MessageType.ParameterSet, 4) => cbor.TryReadUInt32(out uint p) && p <= byte.MaxValue && cbor.TryReadInt64(out long value)
                ? new ParameterSet(sequence, (MeterParameter)p, value)
                : null,
            (MessageType.ReadingRequest, 2) => new ReadingRequest(sequence),
            (MessageType.TokenResult, 4 or 5) => ReadTokenResult(ref cbor, sequence, count == 5),
            (MessageType.KeyChangeSetResult, 3) => ReadKeyChangeResult(ref cbor, sequence),
            (MessageType.CommandResult, 4) => ReadEnum(ref cbor, out CommandStatus status) && ReadEnum(ref cbor, out RelayReport relay)
                ? new CommandResult(sequence, status, relay)
                : null,
            (MessageType.Hello, 7) => ReadHello(ref cbor, sequence),
            _ => null,
        };
    }

    private static bool ReadToken(ref CborCursor cbor, out TokenBytes token)
    {
        token = default;
        return cbor.TryReadBytes(out ReadOnlySpan<byte> bytes) && TokenBytes.TryRead(bytes, out token);
    }

    private static KeyChangeSetPush? ReadKeyChangeSet(ref CborCursor cbor, uint sequence)
    {
        if (!cbor.TryReadArray(out int count) || count is < KeyChangeSetPush.MinTokens or > KeyChangeSetPush.MaxTokens) return null;
        var tokens = ImmutableArray.CreateBuilder<TokenBytes>(count);
        for (int i = 0; i < count; i++)
        {
            if (!ReadToken(ref cbor, out TokenBytes token)) return null;
            tokens.Add(token);
        }

        return new KeyChangeSetPush(sequence, tokens.MoveToImmutable());
    }

    private static KeyChangeSetResult? ReadKeyChangeResult(ref CborCursor cbor, uint sequence)
    {
        if (!cbor.TryReadArray(out int count) || count is < KeyChangeSetPush.MinTokens or > KeyChangeSetPush.MaxTokens) return null;
        var statuses = ImmutableArray.CreateBuilder<TokenStatus>(count);
        for (int i = 0; i < count; i++)
        {
            if (!ReadEnum(ref cbor, out TokenStatus status)) return null;
            statuses.Add(status);
        }

        return new KeyChangeSetResult(sequence, statuses.MoveToImmutable());
    }

    private static TokenResult? ReadTokenResult(ref CborCursor cbor, uint sequence, bool named)
    {
        if (!ReadEnum(ref cbor, out TokenStatus status) || !cbor.TryReadInt64(out long balance)) return null;
        if (!named) return new TokenResult(sequence, status, balance);
        if (!cbor.TryReadBytes(out ReadOnlySpan<byte> bytes) || bytes.Length != TokenFingerprint.Length) return null;
        return new TokenResult(sequence, status, balance, new TokenFingerprint(BinaryPrimitives.ReadUInt64BigEndian(bytes)));
    }

    private static Hello? ReadHello(ref CborCursor cbor, uint bootCount)
    {
        bool read = cbor.TryReadUInt32(out uint outage);
        read &= cbor.TryReadInt32(out int rssi);
        read &= cbor.TryReadUInt32(out uint coverage) && coverage <= byte.MaxValue;
        read &= cbor.TryReadUInt32(out uint lastTid);
        read &= cbor.TryReadInt64(out long balance);
        return read ? new Hello(bootCount, outage, rssi, (byte)coverage, lastTid, balance) : null;
    }

    private static EventReport? ReadEvents(ref CborCursor cbor)
    {
        if (!cbor.TryReadArray(out int count) || count > EventReport.MaxEntries) return null;
        var entries = ImmutableArray.CreateBuilder<EventEntry>(count);
        for (int i = 0; i < count; i++)
        {
            if (!cbor.TryReadArray(out int fields) || fields != 3) return null;
            if (!cbor.TryReadUInt32(out uint code) || !cbor.TryReadInt64(out long timestamp) || !cbor.TryReadInt64(out long detail)) return null;
            entries.Add(new EventEntry(code, timestamp, detail));
        }

        return new EventReport(entries.MoveToImmutable());
    }

    private static bool ReadEnum<T>(ref CborCursor cbor, out T value)
        where T : struct, Enum
    {
        value = default;
        if (!cbor.TryReadUInt32(out uint number) || number > byte.MaxValue) return false;
        value = (T)Enum.ToObject(typeof(T), (byte)number);
        return Enum.IsDefined(value);
    }
}
