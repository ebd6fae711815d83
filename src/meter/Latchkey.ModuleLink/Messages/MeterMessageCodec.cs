using System.Collections.Immutable;
using Latchkey.ModuleLink.Cbor;
using static Latchkey.ModuleLink.Messages.MeterMessage;

namespace Latchkey.ModuleLink.Messages;

/// <summary>Meter messages as deterministic CBOR (RFC 8949, 4.2.1); vectors in vectors/comms/cbor_meter_messages_proposed.json.</summary>
public static partial class MeterMessageCodec
{
    /// <summary>No message is longer; both ends may reserve this much.</summary>
    public const int MaxLength = 512;

    public static byte[] Encode(MeterMessage message)
    {
        var cbor = new CborBuilder();
        switch (message)
        {
            case TokenPush m: WriteToken(Start(cbor, 3, MessageType.TokenPush, m.Sequence), m.Token); break;
            case KeyChangeSetPush m:
                Start(cbor, 3, MessageType.KeyChangeSetPush, m.Sequence).Array(m.Tokens.Length);
                foreach (TokenBytes token in m.Tokens) WriteToken(cbor, token);
                break;
            case RelayCommand m: Start(cbor, 3, MessageType.RelayCommand, m.Sequence).Integer((int)m.Action); break;
            case ParameterSet m: Start(cbor, 4, MessageType.ParameterSet, m.Sequence).Integer((int)m.Parameter).Integer(m.Value); break;
            case ReadingRequest m: Start(cbor, 2, MessageType.ReadingRequest, m.Sequence); break;
            case TokenResult m: WriteTokenResult(cbor, m); break;
            case KeyChangeSetResult m:
                Start(cbor, 3, MessageType.KeyChangeSetResult, m.Sequence).Array(m.Statuses.Length);
                foreach (TokenStatus status in m.Statuses) cbor.Integer((int)status);
                break;
            case CommandResult m: Start(cbor, 4, MessageType.CommandResult, m.Sequence).Integer((int)m.Status).Integer((int)m.Relay); break;
            case Hello m:
                Start(cbor, 7, MessageType.Hello, m.BootCount).Integer(m.OutageSeconds).Integer(m.RssiDbm)
                    .Integer(m.CoverageClass).Integer(m.LastTid).Integer(m.BalanceMilli);
                break;
            case Reading m: ReadingCodec.Write(cbor, m); break;
            case EventReport m:
                cbor.Array(2).Integer((int)MessageType.EventReport).Array(m.Entries.Length);
                foreach (EventEntry e in m.Entries) cbor.Array(3).Integer(e.Code).Integer(e.Timestamp).Integer(e.Detail);
                break;
        }

        return cbor.ToArray();
    }

    /// <summary>Reads one message that fills <paramref name="input"/> exactly; false for anything else, whatever the bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> input, out MeterMessage? message)
    {
        message = null;
        if (input.Length > MaxLength) return false;
        var cbor = new CborCursor(input);
        MeterMessage? read = cbor.PeekType() == CborMajorType.Map ? ReadingCodec.Read(ref cbor) : ReadArray(ref cbor);
        if (read is null || !cbor.AtEnd) return false;
        message = read;
        return true;
    }

    private static CborBuilder Start(CborBuilder cbor, int count, MessageType type, uint sequence) =>
        cbor.Array(count).Integer((int)type).Integer(sequence);

    private static void WriteToken(CborBuilder cbor, TokenBytes token)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes.Length];
        token.WriteTo(bytes);
        cbor.Bytes(bytes);
    }

    private static void WriteTokenResult(CborBuilder cbor, TokenResult result)
    {
        Start(cbor, result.Token is null ? 4 : 5, MessageType.TokenResult, result.Sequence).Integer((int)result.Status).Integer(result.BalanceMilli);
        if (result.Token is not { } fingerprint) return;
        Span<byte> bytes = stackalloc byte[TokenFingerprint.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, fingerprint.Value);
        cbor.Bytes(bytes);
    }
}
