using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class RequestServer
{
    private const int MaxWritten = 16_384;

    private ReadOnlySpan<byte> Set(ReadOnlySpan<byte> apdu, SecurityControl control)
    {
        if (!SetRequest.TryRead(apdu, PeerTolerance.None, out SetRequest request)) return Refuse(2, 2);
        switch (request.Type)
        {
            case SetRequestType.Normal:
                if (request.Selection.HasValue) return SetDone(request.Invoke, DataAccessResult.ScopeOfAccessViolated);
                return SetDone(request.Invoke, WriteAttribute(request.Attribute, request.Data, control));
            case SetRequestType.WithList:
                return SetList(request, control);
            case SetRequestType.WithFirstDataBlock when IsAgreed(Conformance.BlockTransferWithSet) && !request.Selection.HasValue:
                _receiving.StartReceiving(MaxWritten);
                (_longTarget, _longMethod, _longInvoke) = (request.Attribute, default, request.Invoke);
                return SetBlock(request, control);
            case SetRequestType.WithDataBlock:
                return SetBlock(request, control);
            default:
                return Refuse(1, 2);
        }
    }

    private ReadOnlySpan<byte> SetList(SetRequest request, SecurityControl control)
    {
        if (!IsAgreed(Conformance.MultipleReferences)) return Refuse(1, 2);
        if (request.List.Count is 0 or > MaxList) return Refuse(1, 3);
        Span<byte> results = stackalloc byte[MaxList];
        DataList.Enumerator values = request.Values.GetEnumerator();
        int count = 0;
        foreach (AttributeReference item in request.List)
        {
            _ = values.MoveNext();
            results[count++] = (byte)(item.Selection.HasValue
                ? DataAccessResult.ScopeOfAccessViolated
                : WriteAttribute(item.Attribute, values.Current, control));
        }

        var response = new SetResponse { Type = SetResponseType.WithList, Invoke = request.Invoke, Results = results[..count] };
        return server.Answer.AsSpan(0, response.Write(server.Answer));
    }

    private ReadOnlySpan<byte> SetBlock(SetRequest request, SecurityControl control)
    {
        uint number = request.Block.Number;
        if (!_receiving.IsActive || _longTarget == default || request.Invoke.Id != _longInvoke.Id)
            return SetLast(request.Invoke, number, DataAccessResult.NoLongSetInProgress);
        if (!_receiving.TryAppend(number, request.Block.Raw))
        {
            _receiving.Stop();
            return SetLast(request.Invoke, number, DataAccessResult.DataBlockNumberInvalid);
        }

        if (!request.Block.IsLast)
        {
            var receipt = new SetResponse { Type = SetResponseType.DataBlock, Invoke = request.Invoke, BlockNumber = number };
            return server.Answer.AsSpan(0, receipt.Write(server.Answer));
        }

        bool whole = DataView.TryReadWhole(_receiving.Value, out DataView value);
        DataAccessResult result = whole ? WriteAttribute(_longTarget, value, control) : DataAccessResult.TypeUnmatched;
        _receiving.Stop();
        return SetLast(request.Invoke, number, result);
    }

    private ReadOnlySpan<byte> SetDone(InvokeId invoke, DataAccessResult result)
    {
        int size = new SetResponse { Type = SetResponseType.Normal, Invoke = invoke, Result = result }.Write(server.Answer);
        return server.Answer.AsSpan(0, size);
    }

    private ReadOnlySpan<byte> SetLast(InvokeId invoke, uint number, DataAccessResult result)
    {
        var response = new SetResponse { Type = SetResponseType.LastDataBlock, Invoke = invoke, Result = result, BlockNumber = number };
        return server.Answer.AsSpan(0, response.Write(server.Answer));
    }
}
