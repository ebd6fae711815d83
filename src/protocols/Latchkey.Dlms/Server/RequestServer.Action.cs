using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class RequestServer
{
    private const int ActionHead = 3;

    private ReadOnlySpan<byte> Act(ReadOnlySpan<byte> apdu, SecurityControl control, int limit)
    {
        if (!ActionRequest.TryRead(apdu, PeerTolerance.None, out ActionRequest request)) return Refuse(2, 2);
        bool blocks = IsAgreed(Conformance.BlockTransferWithAction);
        switch (request.Type)
        {
            case ActionRequestType.Normal:
                return ActOne(request.Invoke, request.Method, request.Parameter, control, limit);
            case ActionRequestType.WithList:
                if (!IsAgreed(Conformance.MultipleReferences)) return Refuse(1, 2);
                return request.List.Count is 0 or > MaxList ? Refuse(1, 3) : ActList(request.Invoke, request.List, request.Parameters, control, limit);
            case ActionRequestType.NextBlock when blocks:
                return ActNext(request);
            case ActionRequestType.WithFirstBlock when blocks:
                if (TryAgain(request.Invoke, request.Block, out ReadOnlySpan<byte> again)) return again;
                _receiving.StartReceiving(MaxWritten);
                (_longKind, _longMethod, _longInvoke) = (LongKind.Action, request.Method, request.Invoke);
                return ActBlock(request, control, limit);
            case ActionRequestType.WithListAndFirstBlock when blocks && IsAgreed(Conformance.MultipleReferences):
                if (request.List.Count is 0 or > MaxList) return Refuse(1, 3);
                if (TryAgain(request.Invoke, request.Block, out again)) return again;
                _receiving.StartReceiving(MaxWritten);
                (_longKind, _longList, _longCount, _longInvoke) = (LongKind.ActionList, request.List.Encoded.ToArray(), request.List.Count, request.Invoke);
                return ActBlock(request, control, limit);
            case ActionRequestType.WithBlock when blocks:
                return TryAgain(request.Invoke, request.Block, out again) ? again : ActBlock(request, control, limit);
            default:
                return Refuse(1, 2);
        }
    }

    private ReadOnlySpan<byte> ActOne(InvokeId invoke, MethodDescriptor method, DataView parameter, SecurityControl control, int limit)
    {
        var writer = new AxdrWriter(server.Answer.AsSpan(ActionHead));
        bool blocks = IsAgreed(Conformance.BlockTransferWithAction);
        Call(method, parameter, control, blocks ? int.MaxValue : limit - ActionHead, ref writer);
        return ActionHead + writer.Position > limit
            ? StartLongAction(invoke, server.Answer.AsSpan(ActionHead, writer.Position), limit)
            : ActionAnswer(ActionResponseType.Normal, invoke, writer.Position);
    }

    private ReadOnlySpan<byte> ActList(InvokeId invoke, MethodList list, DataList parameters, SecurityControl control, int limit)
    {
        // Two octets for each result must fit whatever happens, or nothing is called at all.
        bool blocks = IsAgreed(Conformance.BlockTransferWithAction);
        if (!blocks && ActionHead + 1 + (2 * list.Count) > limit) return Refuse(1, 4);
        var writer = new AxdrWriter(server.Answer.AsSpan(ActionHead));
        writer.WriteLength(list.Count);
        DataList.Enumerator values = parameters.GetEnumerator();
        for (int i = 0; i < list.Count; i++)
        {
            _ = values.MoveNext();
            Call(list[i], values.Current, control, blocks ? int.MaxValue : limit - ActionHead - (2 * (list.Count - 1 - i)), ref writer);
        }

        return ActionHead + writer.Position > limit
            ? StartLongAction(invoke, server.Answer.AsSpan(ActionHead, writer.Position), limit)
            : ActionAnswer(ActionResponseType.WithList, invoke, writer.Position);
    }

    // Calls a method and writes its result; what it returned is left out where it would pass the end.
    private void Call(MethodDescriptor method, DataView parameter, SecurityControl control, int end, ref AxdrWriter writer)
    {
        int start = writer.Position;
        writer.WriteOctets([(byte)ActionResult.OtherReason, 1, 0]);
        int data = writer.Position;
        ActionResult result = InvokeMethod(method, parameter, control, ref writer);
        bool returned = !writer.Overflowed && writer.Position > data && writer.Position <= end;
        if (!returned)
        {
            writer.Rewind(start);
            writer.WriteOctets([(byte)result, 0]);
            return;
        }

        server.Answer[ActionHead + start] = (byte)result;
    }

    private ReadOnlySpan<byte> ActionAnswer(ActionResponseType type, InvokeId invoke, int size)
    {
        byte[] buffer = server.Answer;
        (buffer[0], buffer[1], buffer[2]) = ((byte)ApduTag.ActionResponse, (byte)type, invoke.Octet);
        return buffer.AsSpan(0, ActionHead + size);
    }

    private ReadOnlySpan<byte> StartLongAction(InvokeId invoke, ReadOnlySpan<byte> value, int limit)
    {
        if (limit <= BlockHead) return Refuse(1, 4);
        _sending.StartSending(value, limit - BlockHead);
        (_sendsAction, _longInvoke) = (true, invoke);
        return SendActionBlock(invoke);
    }

    private ReadOnlySpan<byte> ActNext(ActionRequest request)
    {
        if (!_sending.IsActive || !_sendsAction) return Respond(request.Invoke, ActionResult.NoLongActionInProgress, default);
        if (request.Invoke.Id == _longInvoke.Id && _sending.TryAdvance(request.BlockNumber)) return SendActionBlock(request.Invoke);
        _sending.Stop();
        return Respond(request.Invoke, ActionResult.LongActionAborted, default);
    }

    private ReadOnlySpan<byte> SendActionBlock(InvokeId invoke)
    {
        var response = new ActionResponse
        {
            Type = ActionResponseType.WithBlock, Invoke = invoke, Block = new DataBlock(_sending.IsLast, _sending.Block, _sending.Current),
        };
        return server.Answer.AsSpan(0, response.Write(server.Answer));
    }

    private ReadOnlySpan<byte> ActBlock(ActionRequest request, SecurityControl control, int limit)
    {
        if (!_receiving.IsActive || _longKind is not (LongKind.Action or LongKind.ActionList) || request.Invoke.Id != _longInvoke.Id)
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

        ReadOnlySpan<byte> answer = _longKind == LongKind.Action ? FinishAction(request.Invoke, control, limit) : FinishActionList(request.Invoke, control, limit);
        _receiving.Stop();
        return Finished(request.Invoke, request.Block.Number, answer);
    }

    private ReadOnlySpan<byte> FinishAction(InvokeId invoke, SecurityControl control, int limit) =>
        DataView.TryReadWhole(_receiving.Value, out DataView parameter)
            ? ActOne(invoke, _longMethod, parameter, control, limit)
            : Respond(invoke, ActionResult.TypeUnmatched, default);

    private ReadOnlySpan<byte> FinishActionList(InvokeId invoke, SecurityControl control, int limit)
    {
        var reader = new AxdrReader(_receiving.Value);
        bool whole = DataList.TryRead(ref reader, out DataList parameters) && reader.AtEnd && parameters.Count == _longCount;
        return whole
            ? ActList(invoke, MethodList.OfValid(_longCount, _longList), parameters, control, limit)
            : Respond(invoke, ActionResult.TypeUnmatched, default);
    }
}
