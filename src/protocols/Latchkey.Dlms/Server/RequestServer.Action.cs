using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class RequestServer
{
    private const int MaxReturned = 512;

    private ReadOnlySpan<byte> Act(ReadOnlySpan<byte> apdu, SecurityControl control, int limit)
    {
        if (!ActionRequest.TryRead(apdu, PeerTolerance.None, out ActionRequest request)) return Refuse(2, 2);
        switch (request.Type)
        {
            case ActionRequestType.Normal:
                return ActOne(request.Invoke, request.Method, request.Parameter, control, limit);
            case ActionRequestType.WithList:
                return ActList(request, control, limit);
            case ActionRequestType.WithFirstBlock when IsAgreed(Conformance.BlockTransferWithAction):
                _receiving.StartReceiving(MaxWritten);
                (_longTarget, _longMethod, _longInvoke) = (default, request.Method, request.Invoke);
                return ActBlock(request, control, limit);
            case ActionRequestType.WithBlock:
                return ActBlock(request, control, limit);
            default:
                return Refuse(1, 2);
        }
    }

    private ReadOnlySpan<byte> ActOne(InvokeId invoke, MethodDescriptor method, DataView parameter, SecurityControl control, int limit)
    {
        Span<byte> returned = stackalloc byte[MaxReturned];
        var writer = new AxdrWriter(returned);
        ActionResult result = InvokeMethod(method, parameter, control, ref writer);
        if (writer.Overflowed || writer.Position + 6 > limit) writer.Rewind(0);
        return Respond(invoke, result, writer.Written);
    }

    private ReadOnlySpan<byte> ActList(ActionRequest request, SecurityControl control, int limit)
    {
        if (!IsAgreed(Conformance.MultipleReferences)) return Refuse(1, 2);
        if (request.List.Count is 0 or > MaxList || (4 * request.List.Count) + 4 > limit) return Refuse(1, 3);
        var writer = new AxdrWriter(server.Answer);
        writer.WriteOctets([(byte)ApduTag.ActionResponse, (byte)ActionResponseType.WithList, request.Invoke.Octet]);
        writer.WriteLength(request.List.Count);
        DataList.Enumerator parameters = request.Parameters.GetEnumerator();
        Span<byte> returned = stackalloc byte[MaxReturned];
        for (int i = 0; i < request.List.Count; i++)
        {
            _ = parameters.MoveNext();
            var value = new AxdrWriter(returned);
            ActionResult result = InvokeMethod(request.List[i], parameters.Current, control, ref value);
            writer.WriteByte((byte)result);
            bool fits = value.Position > 0 && writer.Position + value.Position + (4 * request.List.Count) <= limit;
            writer.WriteByte(fits ? (byte)1 : (byte)0);
            if (!fits) continue;
            writer.WriteByte(0);
            writer.WriteOctets(value.Written);
        }

        return server.Answer.AsSpan(0, writer.Position);
    }

    private ReadOnlySpan<byte> ActBlock(ActionRequest request, SecurityControl control, int limit)
    {
        if (!_receiving.IsActive || _longMethod == default || request.Invoke.Id != _longInvoke.Id)
            return Respond(request.Invoke, ActionResult.NoLongActionInProgress, default);
        if (!_receiving.TryAppend(request.Block.Number, request.Block.Raw))
        {
            _receiving.Stop();
            return Respond(request.Invoke, ActionResult.LongActionAborted, default);
        }

        if (!request.Block.IsLast)
        {
            var receipt = new ActionResponse { Type = ActionResponseType.NextBlock, Invoke = request.Invoke, BlockNumber = request.Block.Number };
            return server.Answer.AsSpan(0, receipt.Write(server.Answer));
        }

        ReadOnlySpan<byte> answer = DataView.TryReadWhole(_receiving.Value, out DataView parameter)
            ? ActOne(request.Invoke, _longMethod, parameter, control, limit)
            : Respond(request.Invoke, ActionResult.TypeUnmatched, default);
        _receiving.Stop();
        return answer;
    }
}
