using System.Buffers;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.ModeE;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

/// <summary>Hands the same octets to every reader there is, and walks what they give.</summary>
internal static class EveryReader
{
    private const PeerTolerance Everything = (PeerTolerance)(-1);

    [ThreadStatic]
    private static byte[]? _room;

    // One place for all expansions, so that what is measured is what the readers take.
    private static byte[] Room => _room ??= new byte[512];

    public static int Try(ReadOnlySpan<byte> input)
    {
        int taken = 0;
        foreach (PeerTolerance tolerance in (ReadOnlySpan<PeerTolerance>)[PeerTolerance.None, Everything])
        {
            if (GetRequest.TryRead(input, tolerance, out GetRequest get))
            {
                taken++;
                foreach (AttributeReference item in get.List) taken += Walk(item.Selection.Parameters);
                _ = RangeDescriptor.TryRead(get.Selection.Parameters, out _);
                _ = EntryDescriptor.TryRead(get.Selection.Parameters, out _);
            }

            if (GetResponse.TryRead(input, tolerance, out GetResponse answer))
            {
                taken += 1 + Walk(answer.Data);
                foreach (GetResult item in answer.List) taken += Walk(item.Data);
            }

            if (SetRequest.TryRead(input, tolerance, out SetRequest set))
            {
                taken += 1 + Walk(set.Data);
                foreach (DataView item in set.Values) taken += Walk(item);
            }

            if (SetResponse.TryRead(input, tolerance, out _)) taken++;
            if (ActionRequest.TryRead(input, tolerance, out ActionRequest act))
            {
                taken += 1 + Walk(act.Parameter);
                for (int i = 0; i < act.List.Count; i++) taken += act.List[i].Method == 0 ? 0 : 1;
            }

            if (ActionResponse.TryRead(input, tolerance, out ActionResponse acted)) taken += 1 + Walk(acted.Result.Return);
            if (DataNotification.TryRead(input, tolerance, out DataNotification push)) taken += 1 + Walk(push.Body);
            if (EventNotification.TryRead(input, tolerance, out EventNotification @event)) taken += 1 + Walk(@event.Value);
            if (AccessResponse.TryRead(input, tolerance, out AccessResponse accessed))
            {
                taken++;
                foreach (DataView item in accessed.Data) taken += Walk(item);
            }

            if (AccessRequest.TryRead(input, tolerance, out AccessRequest access))
            {
                taken++;
                foreach (AccessSpecification item in access.Specifications) taken += Walk(item.Selection.Parameters);
            }

            if (Release.TryRead(input, tolerance, out _)) taken++;
        }

        return taken + Others(input);
    }

    private static int Others(ReadOnlySpan<byte> input)
    {
        int taken = 0;
        if (DataView.TryRead(input, out DataView value, out _)) taken += 1 + Walk(value);
        if (AssociationRequest.TryRead(input, out AssociationRequest request) && InitiateRequest.TryRead(request.UserInformation, out _)) taken++;
        if (AssociationResponse.TryRead(input, out AssociationResponse response) && InitiateResponse.TryRead(response.UserInformation, out _)) taken++;
        if (InitiateRequest.TryRead(input, out _)) taken++;
        if (InitiateResponse.TryRead(input, out _)) taken++;
        if (ConfirmedServiceError.TryRead(input, out _)) taken++;
        if (ExceptionResponse.TryRead(input, out _)) taken++;
        if (DataNotificationConfirm.TryRead(input, out _)) taken++;
        if (GeneralBlock.TryRead(input, out _)) taken++;
        if (ProtectedApdu.TryRead(input, out ProtectedApdu ciphered)) taken += 1 + (ciphered.Body.Length & 0) + (int)(ciphered.Counter & 0);
        if (GeneralCiphering.TryRead(input, out _)) taken++;
        if (GeneralSigning.TryRead(input, out _)) taken++;
        if (WrapperFrame.Read(input, 65535, out _, out _) == OperationStatus.Done) taken++;
        if (WrapperFrame.TryReadDatagram(input, 2048, out _)) taken++;
        if (HdlcFrame.TryReadBody(input, out HdlcFrame body)) taken += HdlcParameters.TryRead(body.Information, out _) ? 2 : 1;
        if (HdlcFrame.Read(input, out _, out int consumed) == OperationStatus.Done) taken++;
        Assert.InRange(consumed, 0, input.Length);
        if (HdlcParameters.TryRead(input, out _)) taken++;
        if (HdlcAddress.TryRead(input, out _)) taken++;
        if (CosemDateTime.TryRead(input, out CosemDateTime time)) taken += time.TryToInstant(0, out _) ? 2 : 1;
        if (LogicalName.TryRead(input, out _)) taken++;
        if (ModeE.TryReadRequest(input, out _)) taken++;
        if (ModeE.TryReadIdentification(input, out _)) taken++;
        if (ModeE.TryReadAcknowledgement(input, out _)) taken++;
        return taken;
    }

    private static int Walk(DataView value)
    {
        int nodes = 1;
        foreach (DataView item in value.Items) nodes += Walk(item);
        _ = value.TryGetInteger(out _);
        _ = value.TryGetOctets(out _);
        _ = value.TryGetBits(out _, out _);
        _ = value.TryGetDateTime(out _);
        _ = value.TryGetFloat(out _);
        if (CompactArray.TryRead(value, out CompactArray compact))
        {
            // Expansion is bounded by the room that the caller gives.
            var writer = new AxdrWriter(Room);
            compact.Expand(ref writer);
            nodes += writer.Position;
        }

        return nodes;
    }
}
