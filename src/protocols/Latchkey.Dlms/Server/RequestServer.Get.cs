using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class RequestServer
{
    private const int GetHead = 4;
    private const int BlockHead = 12;

    private ReadOnlySpan<byte> Get(ReadOnlySpan<byte> apdu, SecurityControl control, int limit)
    {
        if (!GetRequest.TryRead(apdu, PeerTolerance.None, out GetRequest request)) return Refuse(2, 2);
        return request.Type switch
        {
            GetRequestType.Normal => GetOne(request, control, limit),
            GetRequestType.Next => GetNext(request),
            _ => GetList(request, control, limit),
        };
    }

    private ReadOnlySpan<byte> GetOne(GetRequest request, SecurityControl control, int limit)
    {
        byte[] buffer = server.Answer;
        var writer = new AxdrWriter(buffer.AsSpan(GetHead));
        DataAccessResult result = ReadAttribute(request.Attribute, request.Selection, control, ref writer);
        if (result == DataAccessResult.Success && writer.Overflowed) result = DataAccessResult.OtherReason;
        if (result != DataAccessResult.Success) return GetFailed(request.Invoke, result);
        int size = writer.Position;
        if (GetHead + size > limit) return StartLongGet(request.Invoke, buffer.AsSpan(GetHead, size), limit);
        (buffer[0], buffer[1], buffer[2], buffer[3]) = ((byte)ApduTag.GetResponse, (byte)GetResponseType.Normal, request.Invoke.Octet, 0);
        return buffer.AsSpan(0, GetHead + size);
    }

    private ReadOnlySpan<byte> GetList(GetRequest request, SecurityControl control, int limit)
    {
        if (!IsAgreed(Conformance.MultipleReferences)) return Refuse(1, 2);
        if (request.List.Count is 0 or > MaxList) return Refuse(1, 3);
        byte[] buffer = server.Answer;
        const int Head = GetHead - 1;
        var writer = new AxdrWriter(buffer.AsSpan(Head));
        writer.WriteLength(request.List.Count);
        foreach (AttributeReference item in request.List)
        {
            int start = writer.Position;
            writer.WriteByte(0);
            DataAccessResult result = ReadAttribute(item.Attribute, item.Selection, control, ref writer);
            if (result == DataAccessResult.Success) continue;
            writer.Rewind(start);
            writer.WriteOctets([1, (byte)result]);
        }

        if (writer.Overflowed) return Refuse(1, 4);
        int size = writer.Position;
        if (Head + size > limit) return StartLongGet(request.Invoke, buffer.AsSpan(Head, size), limit);
        (buffer[0], buffer[1], buffer[2]) = ((byte)ApduTag.GetResponse, (byte)GetResponseType.WithList, request.Invoke.Octet);
        return buffer.AsSpan(0, Head + size);
    }

    private ReadOnlySpan<byte> StartLongGet(InvokeId invoke, ReadOnlySpan<byte> value, int limit)
    {
        if (!IsAgreed(Conformance.BlockTransferWithGet) || limit <= BlockHead) return GetFailed(invoke, DataAccessResult.OtherReason);
        _sending.StartSending(value, limit - BlockHead);
        (_sendsAction, _longInvoke) = (false, invoke);
        return SendBlock(invoke);
    }

    private ReadOnlySpan<byte> GetNext(GetRequest request)
    {
        if (!_sending.IsActive || _sendsAction) return BlockFailed(request.Invoke, request.BlockNumber, DataAccessResult.NoLongGetInProgress);
        if (request.Invoke.Id != _longInvoke.Id || !_sending.TryAdvance(request.BlockNumber))
        {
            _sending.Stop();
            return BlockFailed(request.Invoke, request.BlockNumber, DataAccessResult.DataBlockNumberInvalid);
        }

        // The last block stays until something else comes: its answer may be lost and asked for again.
        return SendBlock(request.Invoke);
    }

    private ReadOnlySpan<byte> SendBlock(InvokeId invoke)
    {
        var response = new GetResponse
        {
            Type = GetResponseType.WithDataBlock, Invoke = invoke, Block = new DataBlock(_sending.IsLast, _sending.Block, _sending.Current),
        };
        return server.Answer.AsSpan(0, response.Write(server.Answer));
    }

    private ReadOnlySpan<byte> BlockFailed(InvokeId invoke, uint number, DataAccessResult result)
    {
        var response = new GetResponse
        {
            Type = GetResponseType.WithDataBlock, Invoke = invoke, Result = result, Block = new DataBlock(isLast: true, number, default),
        };
        return server.Answer.AsSpan(0, response.Write(server.Answer));
    }

    private ReadOnlySpan<byte> GetFailed(InvokeId invoke, DataAccessResult result)
    {
        int size = new GetResponse { Type = GetResponseType.Normal, Invoke = invoke, Result = result }.Write(server.Answer);
        return server.Answer.AsSpan(0, size);
    }
}
