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
        bool blocks = IsAgreed(Conformance.BlockTransferWithSet);
        switch (request.Type)
        {
            case SetRequestType.Normal:
                if (request.Selection.HasValue) return SetDone(request.Invoke, DataAccessResult.ScopeOfAccessViolated);
                return SetDone(request.Invoke, WriteAttribute(request.Attribute, request.Data, control));
            case SetRequestType.WithList:
                return SetList(request, control);
            case SetRequestType.WithFirstDataBlock when blocks && !request.Selection.HasValue:
                if (TryAgain(request.Invoke, request.Block, out ReadOnlySpan<byte> again)) return again;
                _receiving.StartReceiving(MaxWritten);
                (_longKind, _longTarget, _longInvoke) = (LongKind.Set, request.Attribute, request.Invoke);
                return SetBlock(request, control);
            case SetRequestType.WithListAndFirstDataBlock when blocks && IsAgreed(Conformance.MultipleReferences):
                if (request.List.Count is 0 or > MaxList) return Refuse(1, 3);
                if (TryAgain(request.Invoke, request.Block, out again)) return again;
                _receiving.StartReceiving(MaxWritten);
                (_longKind, _longList, _longCount, _longInvoke) = (LongKind.SetList, request.List.Encoded.ToArray(), request.List.Count, request.Invoke);
                return SetBlock(request, control);
            case SetRequestType.WithDataBlock when blocks:
                return TryAgain(request.Invoke, request.Block, out again) ? again : SetBlock(request, control);
            default:
                return Refuse(1, 2);
        }
    }

    private ReadOnlySpan<byte> SetList(SetRequest request, SecurityControl control)
    {
        if (!IsAgreed(Conformance.MultipleReferences)) return Refuse(1, 2);
        if (request.List.Count is 0 or > MaxList) return Refuse(1, 3);
        Span<byte> results = stackalloc byte[MaxList];
        results = results[..request.List.Count];
        WriteAll(request.List, request.Values, control, results);
        var response = new SetResponse { Type = SetResponseType.WithList, Invoke = request.Invoke, Results = results };
        return server.Answer.AsSpan(0, response.Write(server.Answer));
    }

    private void WriteAll(AttributeList list, DataList values, SecurityControl control, Span<byte> results)
    {
        DataList.Enumerator value = values.GetEnumerator();
        int count = 0;
        foreach (AttributeReference item in list)
        {
            _ = value.MoveNext();
            results[count++] = (byte)(item.Selection.HasValue
                ? DataAccessResult.ScopeOfAccessViolated
                : WriteAttribute(item.Attribute, value.Current, control));
        }
    }

    private ReadOnlySpan<byte> SetBlock(SetRequest request, SecurityControl control)
    {
        uint number = request.Block.Number;
        if (!_receiving.IsActive || _longKind is not (LongKind.Set or LongKind.SetList) || request.Invoke.Id != _longInvoke.Id)
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

        ReadOnlySpan<byte> answer = _longKind == LongKind.Set ? FinishSet(request.Invoke, number, control) : FinishSetList(request.Invoke, number, control);
        _receiving.Stop();
        return Finished(request.Invoke, number, answer);
    }

    private ReadOnlySpan<byte> FinishSet(InvokeId invoke, uint number, SecurityControl control)
    {
        bool whole = DataView.TryReadWhole(_receiving.Value, out DataView value);
        return SetLast(invoke, number, whole ? WriteAttribute(_longTarget, value, control) : DataAccessResult.TypeUnmatched);
    }

    private ReadOnlySpan<byte> FinishSetList(InvokeId invoke, uint number, SecurityControl control)
    {
        var reader = new AxdrReader(_receiving.Value);
        bool whole = DataList.TryRead(ref reader, out DataList values) && reader.AtEnd && values.Count == _longCount;
        if (!AttributeList.TryRead(_longList, _longCount, out AttributeList list) || !whole) return SetLast(invoke, number, DataAccessResult.TypeUnmatched);
        Span<byte> results = stackalloc byte[MaxList];
        results = results[.._longCount];
        WriteAll(list, values, control, results);
        var response = new SetResponse { Type = SetResponseType.LastDataBlockWithList, Invoke = invoke, BlockNumber = number, Results = results };
        return server.Answer.AsSpan(0, response.Write(server.Answer));
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
