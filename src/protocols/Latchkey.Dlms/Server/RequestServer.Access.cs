using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class RequestServer
{
    /// <summary>Reads, writes and calls in the order given; the answer has every value, then every result.</summary>
    private ReadOnlySpan<byte> Access(ReadOnlySpan<byte> apdu, SecurityControl control, int limit)
    {
        if (!AccessRequest.TryRead(apdu, PeerTolerance.None, out AccessRequest request)) return Refuse(2, 2);
        if (request.Specifications.Count is 0 or > MaxList) return Refuse(1, 3);
        if (!HasRoomForResults(request, limit)) return Refuse(1, 4);
        var writer = new AxdrWriter(server.Answer);
        writer.WriteByte((byte)ApduTag.AccessResponse);
        writer.WriteUInt32(request.Invoke.Value);
        writer.WriteByte(0);
        writer.WriteByte(request.Invoke.IsSelfDescriptive ? (byte)1 : (byte)0);
        if (request.Invoke.IsSelfDescriptive)
        {
            writer.WriteLength(request.Specifications.Count);
            writer.WriteOctets(request.Specifications.Encoded);
        }

        writer.WriteLength(request.Specifications.Count);
        Span<byte> results = stackalloc byte[2 * MaxList];
        DataList.Enumerator data = request.Data.GetEnumerator();
        int count = 0;
        bool broken = false;
        foreach (AccessSpecification item in request.Specifications)
        {
            _ = data.MoveNext();
            int start = writer.Position;
            byte result = broken ? (byte)DataAccessResult.OtherReason : Serve(item, data.Current, control, ref writer);

            // Without block transfer there is no second APDU for what does not fit into this one; what was done stays told.
            int left = request.Specifications.Count - count - 1;
            if (writer.Overflowed || writer.Position + left + ResultsSize(request) > limit)
            {
                writer.Rewind(start);
                if (item.Service is AccessService.Get or AccessService.GetWithSelection) result = (byte)DataAccessResult.OtherReason;
            }

            if (writer.Position == start) writer.Null();
            results[2 * count] = (byte)Plain(item.Service);
            results[(2 * count) + 1] = result;
            count++;
            broken |= result != 0 && request.Invoke.BreaksOnError;
        }

        writer.WriteLength(count);
        writer.WriteOctets(results[..(2 * count)]);
        return server.Answer.AsSpan(0, writer.Position);
    }

    // Tag, invoke id, date, flag, counts, and for each entry a null and a result: known before anything is carried out.
    private static bool HasRoomForResults(AccessRequest request, int limit)
    {
        int described = request.Invoke.IsSelfDescriptive ? 3 + request.Specifications.Encoded.Length : 0;
        return 9 + described + request.Specifications.Count + ResultsSize(request) <= limit;
    }

    private static int ResultsSize(AccessRequest request) => 1 + (2 * request.Specifications.Count);

    private byte Serve(AccessSpecification item, DataView data, SecurityControl control, ref AxdrWriter writer) => item.Service switch
    {
        AccessService.Get or AccessService.GetWithSelection => (byte)ReadAttribute(item.Target, item.Selection, control, ref writer),
        AccessService.Set => (byte)WriteAttribute(item.Target, data, control),
        AccessService.SetWithSelection => (byte)DataAccessResult.ScopeOfAccessViolated,
        _ => (byte)InvokeMethod(
            new MethodDescriptor(item.Target.Class, item.Target.Name, item.Target.Attribute), data, control, ref writer),
    };

    private static AccessService Plain(AccessService service) => service switch
    {
        AccessService.GetWithSelection => AccessService.Get,
        AccessService.SetWithSelection => AccessService.Set,
        _ => service,
    };
}
