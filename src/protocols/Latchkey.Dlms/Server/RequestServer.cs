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
    private AttributeDescriptor _longTarget;
    private MethodDescriptor _longMethod;
    private InvokeId _longInvoke;

    public void Stop()
    {
        _sending.Stop();
        _receiving.Stop();
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

    private DataAccessResult WriteAttribute(AttributeDescriptor target, DataView value, SecurityControl control)
    {
        DataAccessResult found = Find(target.Class, target.Name, out ICosemObject? item, out DeviceObject? entry);
        if (found != DataAccessResult.Success) return found;
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
        return authenticated && encrypted;
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
