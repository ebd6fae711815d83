using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Client;

public sealed partial class DlmsClient
{
    // First block of a list: its count, the flag, the block's number and length beside the list itself.
    private const int UploadHead = 24;

    private UploadTarget? _upload;
    private byte[] _uploadValue = [];
    private int _uploadSent;
    private uint _uploadBlock;
    private GeneralBlockTransfer? _blocksOut;
    private bool _blocking;

    /// <summary>After anything that is sent: writes the next general block of the stream under way; 0 when the meter has the word.</summary>
    public int Continue(Span<byte> output) => _blocking && _operation != Operation.None ? _blocksOut!.WriteNext(output) : 0;

    private static byte[] Counted(DataList values)
    {
        var writer = new AxdrWriter(new byte[values.Encoded.Length + 5]);
        writer.WriteLength(values.Count);
        writer.WriteOctets(values.Encoded);
        return writer.Written.ToArray();
    }

    private int Upload(UploadTarget target, ReadOnlySpan<byte> value, Span<byte> output)
    {
        Conformance needed = target.Operation == Operation.Set ? Conformance.BlockTransferWithSet : Conformance.BlockTransferWithAction;
        if (!Conformance.Has(needed) || value.Length > _options.MaxValue) return 0;
        (_upload, _uploadValue, _uploadSent, _uploadBlock) = (target, value.ToArray(), 0, 0);
        (_operation, Failure) = (target.Operation, default);
        return WriteUpload(output);
    }

    private int WriteUpload(Span<byte> output)
    {
        UploadTarget target = _upload!;
        bool first = _uploadSent == 0;
        int room = Math.Min(ServerMaxPdu, _request.Length) - ProtectionRoom - UploadHead - (first ? target.List.Length : 0);
        if (room < 1) return 0;
        int size = Math.Min(room, _uploadValue.Length - _uploadSent);
        var block = new DataBlock(_uploadSent + size == _uploadValue.Length, _uploadBlock + 1, _uploadValue.AsSpan(_uploadSent, size));
        _requestSize = target.Operation == Operation.Set ? WriteSetBlock(target, block, first) : WriteActionBlock(target, block, first);
        _uploadSent += size;
        _uploadBlock++;
        return _requestSize == 0 ? 0 : SendOut(_request.AsSpan(0, _requestSize), output);
    }

    private int WriteSetBlock(UploadTarget target, DataBlock block, bool first)
    {
        bool listed = AttributeList.TryRead(target.List, target.Count, out AttributeList list) && target.Count > 0;
        SetRequestType type = !first ? SetRequestType.WithDataBlock : listed ? SetRequestType.WithListAndFirstDataBlock : SetRequestType.WithFirstDataBlock;
        return new SetRequest { Type = type, Invoke = InvokeId.Confirmed(_invoke), Attribute = target.Attribute, List = list, Block = block }.Write(_request);
    }

    private int WriteActionBlock(UploadTarget target, DataBlock block, bool first)
    {
        bool listed = MethodList.TryRead(target.List, target.Count, out MethodList list) && target.Count > 0;
        ActionRequestType type = !first ? ActionRequestType.WithBlock : listed ? ActionRequestType.WithListAndFirstBlock : ActionRequestType.WithFirstBlock;
        return new ActionRequest { Type = type, Invoke = InvokeId.Confirmed(_invoke), Method = target.Method, List = list, Block = block }.Write(_request);
    }

    private ClientStep NextUpload(uint received, Span<byte> output, out int written)
    {
        written = 0;
        if (received < _uploadBlock) return ClientStep.Ignored;
        if (received > _uploadBlock || _uploadSent >= _uploadValue.Length) return Fail(ClientFailureKind.Malformed);
        written = WriteUpload(output);
        return written == 0 ? Fail(ClientFailureKind.TooLong) : ClientStep.Send;
    }

    // What protection may add at most, with the keys and signatures that go along.
    private int ProtectionRoom
    {
        get
        {
            if (_session is null) return 0;
            int point = _session.Suite == SecuritySuite.Suite0 ? 0 : _session.Suite.PointSize();
            int room = CipherSession.Overhead(ProtectionFamily.EndToEnd, Control, 0) + (_options.Signs ? 64 + point : 0);
            return _options.Family == ProtectionFamily.EndToEnd && _options.KeyKind != KeyInformation.Identified ? room + 48 + (2 * point) : room;
        }
    }

    /// <summary>Writes a request, in general blocks where that was agreed.</summary>
    private int SendOut(ReadOnlySpan<byte> plain, Span<byte> output)
    {
        _blocking = _options.GeneralBlockWindow > 0 && IsAssociated && Conformance.Has(Conformance.GeneralBlockTransfer);
        if (!_blocking) return Protect(plain, output);
        byte[] whole = new byte[plain.Length + 512];
        int size = Protect(plain, whole);
        if (size == 0) return 0;
        int block = _options.GeneralBlockSize == 0 ? ServerMaxPdu : Math.Min(ServerMaxPdu, _options.GeneralBlockSize);
        _blocksOut = new GeneralBlockTransfer(_plain.Length, _options.GeneralBlockWindow);
        _blocksOut.Start(whole.AsSpan(0, size), Math.Min(block, output.Length), _options.GeneralBlockWindow);
        return _blocksOut.WriteNext(output);
    }

    private int RepeatBlocks(Span<byte> output)
    {
        _blocksOut!.Repeat();
        return _blocksOut.WriteNext(output);
    }

    private ClientStep TakeGeneralBlock(ReadOnlySpan<byte> apdu, Span<byte> output, out int written)
    {
        written = 0;
        GeneralBlockTransfer transfer = _blocksOut!;
        if (!GeneralBlock.TryRead(apdu, out GeneralBlock block)) return ClientStep.Ignored;
        switch (transfer.Receive(block))
        {
            case BlockTransferEvent.Send:
                written = transfer.WriteNext(output);
                return written > 0 ? ClientStep.Send : ClientStep.Ignored;
            case BlockTransferEvent.Completed:
                // Whatever it carries is an answer like any other; a block inside a block is none.
                _blocking = false;
                ClientStep step = transfer.Received.IsEmpty || transfer.Received[0] == (byte)ApduTag.GeneralBlockTransfer
                    ? Fail(ClientFailureKind.Malformed)
                    : Take(transfer.Received, output, out written);
                _blocking |= step == ClientStep.Ignored;
                return step;
            case BlockTransferEvent.Aborted when transfer.IsTooLong:
                return Fail(ClientFailureKind.TooLong);
            default:
                // A block of an earlier transfer that comes late, or nothing new.
                return ClientStep.Ignored;
        }
    }

    /// <summary>What a value in blocks is for.</summary>
    private sealed record UploadTarget(Operation Operation, AttributeDescriptor Attribute, MethodDescriptor Method, byte[] List, int Count);
}
