using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>Answers the plain xDLMS requests of one association from the objects of the device.</summary>
internal sealed partial class RequestServer(DlmsServer server, ServerAssociation association)
{
    private const int MaxList = 32;
    private static readonly LogicalName CurrentAssociation = new(0, 0, 40, 0, 0);
    private readonly LongTransfer _sending = new();
    private readonly LongTransfer _receiving = new();
    private readonly AssociationObject _own = new(server, association);
    private LongKind _longKind;
    private AttributeDescriptor _longTarget;
    private MethodDescriptor _longMethod;
    private byte[] _longList = [];
    private int _longCount;
    private InvokeId _longInvoke;
    private bool _sendsAction;
    private (InvokeId Invoke, uint Number) _finished;
    private byte[] _finishedAnswer = [];

    private enum LongKind
    {
        None = 0,
        Set = 1,
        SetList = 2,
        Action = 3,
        ActionList = 4,
    }

    public void Stop()
    {
        _sending.Stop();
        _receiving.Stop();
        (_longKind, _finishedAnswer, _longList) = (LongKind.None, [], []);
    }

    // The last block of a long request comes again where its answer was lost: it was carried out already, and is answered as then.
    private bool TryAgain(InvokeId invoke, DataBlock block, out ReadOnlySpan<byte> answer)
    {
        bool same = !_receiving.IsActive && block.IsLast && _finishedAnswer.Length > 0 && _finished == (invoke, block.Number);
        answer = default;
        if (!same) return false;
        _finishedAnswer.CopyTo(server.Answer, 0);
        answer = server.Answer.AsSpan(0, _finishedAnswer.Length);
        return true;
    }

    private ReadOnlySpan<byte> Finished(InvokeId invoke, uint number, ReadOnlySpan<byte> answer)
    {
        const int MaxKept = 512;
        _finished = (invoke, number);
        _finishedAnswer = answer.Length <= MaxKept ? answer.ToArray() : [];
        return answer;
    }

    /// <summary>Serves one request.</summary>
    /// <param name="apdu">The request, in clear.</param>
    /// <param name="control">How it was protected; default where it was not.</param>
    /// <param name="limit">The longest answer that fits the client and its protection.</param>
    /// <returns>The answer, in the server's buffer; empty is silence.</returns>
    public ReadOnlySpan<byte> Answer(ReadOnlySpan<byte> apdu, SecurityControl control, int limit)
    {
        limit = Math.Min(limit, server.Answer.Length);
        if (association.IsProving) return AnswerProof(apdu);
        return (ApduTag)apdu[0] switch
        {
            ApduTag.GetRequest => IsAgreed(Conformance.Get) ? Get(apdu, control, limit) : Refuse(1, 2),
            ApduTag.SetRequest => IsAgreed(Conformance.Set) ? Set(apdu, control) : Refuse(1, 2),
            ApduTag.ActionRequest => IsAgreed(Conformance.Action) ? Act(apdu, control, limit) : Refuse(1, 2),
            ApduTag.AccessRequest => IsAgreed(Conformance.Access) ? Access(apdu, control, limit) : Refuse(1, 2),
            ApduTag.EventNotification or ApduTag.DataNotification => default,
            _ => Refuse(2, 2),
        };
    }

    private bool IsAgreed(Conformance service) => association.Conformance.Has(service);

    private ReadOnlySpan<byte> AnswerProof(ReadOnlySpan<byte> apdu)
    {
        bool isProof = ActionRequest.TryRead(apdu, PeerTolerance.None, out ActionRequest request)
            && request.Type == ActionRequestType.Normal && request.Method.Class == InterfaceClass.Association
            && request.Method.Name == CurrentAssociation && request.Method.Method == 1;
        if (!isProof) return Refuse(1, 1);
        bool octets = request.Parameter.TryGetOctets(out ReadOnlySpan<byte> proof);
        Span<byte> answer = stackalloc byte[Hls.MaxProof];
        int size = octets ? association.Prove(proof, answer) : association.Prove(default, answer);
        Span<byte> value = stackalloc byte[Hls.MaxProof + 4];
        var writer = new AxdrWriter(value);
        if (size > 0) writer.OctetString(answer[..size]);
        return Respond(request.Invoke, size > 0 ? ActionResult.Success : ActionResult.OtherReason, writer.Written);
    }

    /// <summary>Reads one attribute into the writer; on failure nothing of it remains.</summary>
    private DataAccessResult ReadAttribute(AttributeDescriptor target, SelectiveAccess selection, SecurityControl control, ref AxdrWriter writer)
    {
        DataAccessResult found = Find(target.Class, target.Name, out ICosemObject? item, out DeviceObject? entry);
        if (found != DataAccessResult.Success) return found;
        if (target.Attribute == 0 && IsAgreed(Conformance.AttributeZeroWithGet)) return ReadAll(target, item!, control, ref writer);
        if (target.Attribute < 1 || target.Attribute > item!.AttributeCount) return DataAccessResult.ObjectUndefined;
        if (!Allows(entry, isMethod: false, target.Attribute, AccessRights.Read, control)) return DataAccessResult.ReadWriteDenied;
        if (selection.HasValue && !IsAgreed(Conformance.SelectiveAccess)) return DataAccessResult.ScopeOfAccessViolated;
        int start = writer.Position;
        if (target.Attribute == 1)
        {
            writer.Name(target.Name);
            return DataAccessResult.Success;
        }

        DataAccessResult result = item.Read(target.Attribute, selection, ref writer);
        if (result != DataAccessResult.Success) writer.Rewind(start);
        return result;
    }

    // Attribute 0 is all of them: a structure, with nothing where the client may not look.
    private DataAccessResult ReadAll(AttributeDescriptor target, ICosemObject item, SecurityControl control, ref AxdrWriter writer)
    {
        int start = writer.Position;
        bool any = false;
        writer.Structure(item.AttributeCount);
        for (sbyte index = 1; index <= item.AttributeCount; index++)
        {
            bool read = ReadAttribute(target with { Attribute = index }, default, control, ref writer) == DataAccessResult.Success;
            if (!read) writer.Null();
            any |= read;
        }

        if (any) return DataAccessResult.Success;
        writer.Rewind(start);
        return DataAccessResult.ReadWriteDenied;
    }

    // Values come in order, nothing stands for an attribute that stays as it is; the first refusal ends it.
    private DataAccessResult WriteAll(AttributeDescriptor target, ICosemObject item, DataView value, SecurityControl control)
    {
        if (value.Tag != DataTag.Structure || value.Count != item.AttributeCount) return DataAccessResult.TypeUnmatched;
        sbyte index = 1;
        foreach (DataView part in value.Items)
        {
            DataAccessResult result = part.IsNull ? DataAccessResult.Success : WriteAttribute(target with { Attribute = index }, part, control);
            if (result != DataAccessResult.Success) return result;
            index++;
        }

        return DataAccessResult.Success;
    }

    private DataAccessResult WriteAttribute(AttributeDescriptor target, DataView value, SecurityControl control)
    {
        DataAccessResult found = Find(target.Class, target.Name, out ICosemObject? item, out DeviceObject? entry);
        if (found != DataAccessResult.Success) return found;
        if (target.Attribute == 0 && IsAgreed(Conformance.AttributeZeroWithSet)) return WriteAll(target, item!, value, control);
        if (target.Attribute < 1 || target.Attribute > item!.AttributeCount) return DataAccessResult.ObjectUndefined;
        bool allowed = target.Attribute > 1 && Allows(entry, isMethod: false, target.Attribute, AccessRights.Write, control);
        return allowed ? item.Write(target.Attribute, value) : DataAccessResult.ReadWriteDenied;
    }

    private ActionResult InvokeMethod(MethodDescriptor target, DataView parameter, SecurityControl control, ref AxdrWriter result)
    {
        DataAccessResult found = Find(target.Class, target.Name, out ICosemObject? item, out DeviceObject? entry);
        if (found != DataAccessResult.Success) return (ActionResult)found;
        if (target.Method < 1 || target.Method > item!.MethodCount) return ActionResult.ObjectUndefined;
        if (entry is null || !Allows(entry, isMethod: true, target.Method, AccessRights.Read, control)) return ActionResult.ReadWriteDenied;
        int start = result.Position;
        ActionResult outcome = item.Invoke(target.Method, parameter, ref result);
        if (outcome != ActionResult.Success) result.Rewind(start);
        return outcome;
    }

    // An object that the client has no right on at all looks like one that is not there.
    private DataAccessResult Find(InterfaceClass classId, LogicalName name, out ICosemObject? item, out DeviceObject? entry)
    {
        entry = null;
        item = name == CurrentAssociation ? _own : null;
        if (item is null)
        {
            if (!server.Device.TryFind(name, out entry) || !entry!.IsVisibleTo(association.Profile.Client)) return DataAccessResult.ObjectUndefined;
            item = entry.Object;
            if (item is SecuritySetup setup) setup.Caller = association.ClientTitle;
        }

        return item.Class == classId ? DataAccessResult.Success : DataAccessResult.ObjectClassInconsistent;
    }

    private bool Allows(DeviceObject? entry, bool isMethod, int index, AccessRights wanted, SecurityControl control)
    {
        // The association's own object is readable by whoever has the association, except its secret.
        if (entry is null) return wanted == AccessRights.Read && !isMethod && index != 7;
        AccessRights rights = entry.RightsOf(association.Profile.Client, isMethod, index);
        if (!rights.Has(wanted)) return false;
        bool authenticated = control.IsAuthenticated || !rights.Has(AccessRights.AuthenticatedRequest);
        bool encrypted = control.IsEncrypted || !rights.Has(AccessRights.EncryptedRequest);
        bool signed = association.IsRequestSigned || !rights.Has(AccessRights.SignedRequest);
        return authenticated && encrypted && signed && association.Responds(rights, control);
    }

    private ReadOnlySpan<byte> Respond(InvokeId invoke, ActionResult result, scoped ReadOnlySpan<byte> returned)
    {
        var writer = new AxdrWriter(server.Answer);
        writer.WriteOctets([(byte)ApduTag.ActionResponse, (byte)ActionResponseType.Normal, invoke.Octet, (byte)result]);
        if (returned.IsEmpty)
        {
            writer.WriteByte(0);
        }
        else
        {
            writer.WriteOctets([1, 0]);
            writer.WriteOctets(returned);
        }

        return server.Answer.AsSpan(0, writer.Position);
    }

    private ReadOnlySpan<byte> Refuse(byte state, byte service)
    {
        int size = new ExceptionResponse((ExceptionState)state, (ExceptionService)service).Write(server.Answer);
        return server.Answer.AsSpan(0, size);
    }
}
