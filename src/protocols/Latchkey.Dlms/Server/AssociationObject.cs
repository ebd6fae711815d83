using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>Association LN as the client of the current association sees it, at 0.0.40.0.0.255.</summary>
/// <remarks>Source: IEC 62056-6-2, Association LN (class_id 15, version 3).</remarks>
internal sealed class AssociationObject(DlmsServer server, ServerAssociation association)
    : CosemObject(InterfaceClass.Association, 3, new LogicalName(0, 0, 40, 0, 0), 11, 6)
{
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                return ReadObjectList(selection, ref writer);
            case 3:
                writer.Structure(2);
                writer.Integer(unchecked((sbyte)association.Profile.Client));
                writer.LongUnsigned(1);
                break;
            case 4:
                writer.OctetString([0x60, 0x85, 0x74, 0x05, 0x08, 0x01, (byte)association.Profile.Context]);
                break;
            case 5:
                writer.Structure(6);
                writer.BitString((uint)association.Conformance, 24);
                writer.LongUnsigned(association.Profile.MaxReceivePdu);
                writer.LongUnsigned((ushort)association.ClientMaxPdu);
                writer.Unsigned(InitiateRequest.DlmsVersion);
                writer.Integer(0);
                writer.OctetString(default);
                break;
            case 6:
                writer.OctetString([0x60, 0x85, 0x74, 0x05, 0x08, 0x02, (byte)association.Profile.Mechanism]);
                break;
            case 8:
                writer.Enum(2);
                break;
            case 9:
                writer.Name(new LogicalName(0, 0, 43, 0, 0));
                break;
            case 10:
                writer.Array(0);
                break;
            default:
                return DataAccessResult.ObjectUnavailable;
        }

        return DataAccessResult.Success;
    }

    private DataAccessResult ReadObjectList(SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (!selection.HasValue)
        {
            ReadOnlySpan<byte> list = server.ObjectList(association.Profile.Client);
            writer.WriteOctets(list);
            return list.IsEmpty ? DataAccessResult.OtherReason : DataAccessResult.Success;
        }

        // Selectors 1 and 2 leave the rights out, 3 and 4 give them.
        DataView wanted = selection.Parameters;
        bool typed = selection.Selector switch
        {
            1 => wanted.IsNull,
            2 => wanted.Tag == DataTag.Array,
            3 => wanted.Tag == DataTag.Array,
            4 => wanted.Tag == DataTag.Structure,
            _ => false,
        };
        if (!typed) return selection.Selector is >= 1 and <= 4 ? DataAccessResult.TypeUnmatched : DataAccessResult.ScopeOfAccessViolated;
        if (wanted.Count > MaxSelected) return DataAccessResult.OtherReason;
        ushort client = association.Profile.Client;
        int count = 0;
        foreach (DeviceObject entry in server.Visible(client))
        {
            if (IsWanted(entry, selection.Selector, wanted)) count++;
        }

        if (selection.Selector == 4 && count == 0) return DataAccessResult.ObjectUndefined;
        writer.Array(count);
        foreach (DeviceObject entry in server.Visible(client))
        {
            if (IsWanted(entry, selection.Selector, wanted)) WriteEntry(entry, client, selection.Selector >= 3, ref writer);
        }

        return DataAccessResult.Success;
    }

    private const int MaxSelected = 64;

    private static bool IsWanted(DeviceObject entry, byte selector, DataView wanted)
    {
        if (selector == 1) return true;
        if (selector == 4) return IsObject(entry, wanted);
        foreach (DataView item in wanted.Items)
        {
            bool fits = selector == 2
                ? item.TryGetInteger(DataTag.LongUnsigned, out long classId) && classId == (long)entry.Object.Class
                : IsObject(entry, item);
            if (fits) return true;
        }

        return false;
    }

    private static bool IsObject(DeviceObject entry, DataView id)
    {
        DataItems fields = id.Items;
        return fields.TryTake(DataTag.LongUnsigned, out long classId) && classId == (long)entry.Object.Class
            && fields.TryTake(out DataView named) && named.TryGetLogicalName(out LogicalName name) && name == entry.Object.Name;
    }

    /// <summary>The current association as it stands in its own list: all is read but the secret, and a client that proves itself may do so.</summary>
    internal static DeviceObject Entry(ushort client, bool proves)
    {
        AccessGrant before = new(client, IsMethod: false, 1, 6, AccessRights.Read);
        AccessGrant after = new(client, IsMethod: false, 8, 11, AccessRights.Read);
        return new DeviceObject(
            new Listed(), proves ? [before, after, new AccessGrant(client, IsMethod: true, 1, 1, AccessRights.Read)] : [before, after]);
    }

    /// <summary>Stands in the list for the association, which is another object for each client.</summary>
    private sealed class Listed() : CosemObject(InterfaceClass.Association, 3, new LogicalName(0, 0, 40, 0, 0), 11, 6)
    {
        public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer) => DataAccessResult.ObjectUnavailable;
    }

    /// <summary>Writes one element of object_list.</summary>
    internal static void WriteEntry(DeviceObject entry, ushort client, bool withRights, ref AxdrWriter writer)
    {
        writer.Structure(withRights ? 4 : 3);
        writer.LongUnsigned((ushort)entry.Object.Class);
        writer.Unsigned(entry.Object.Version);
        writer.Name(entry.Object.Name);
        if (!withRights) return;
        writer.Structure(2);
        WriteRights(entry, isMethod: false, entry.Object.AttributeCount, client, ref writer);
        WriteRights(entry, isMethod: true, entry.Object.MethodCount, client, ref writer);
    }

    private static void WriteRights(DeviceObject entry, bool isMethod, int count, ushort client, ref AxdrWriter writer)
    {
        writer.Array(count);
        for (int index = 1; index <= count; index++)
        {
            writer.Structure(isMethod ? 2 : 3);
            writer.Integer((sbyte)index);
            writer.Enum((byte)entry.RightsOf(client, isMethod, index));
            if (!isMethod) writer.Null();
        }
    }
}
