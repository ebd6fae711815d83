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

    // Selector 1 asks for the list without the access rights of a class view; here it is the same list.
    private DataAccessResult ReadObjectList(SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (selection.HasValue && selection.Selector != 1) return DataAccessResult.ScopeOfAccessViolated;
        ushort client = association.Profile.Client;
        DeviceObject[] visible = [.. server.Device.Objects.Where(o => o.IsVisibleTo(client))];
        writer.Array(visible.Length);
        foreach (DeviceObject entry in visible)
        {
            writer.Structure(4);
            writer.LongUnsigned((ushort)entry.Object.Class);
            writer.Unsigned(entry.Object.Version);
            writer.Name(entry.Object.Name);
            writer.Structure(2);
            WriteRights(entry, isMethod: false, entry.Object.AttributeCount, client, ref writer);
            WriteRights(entry, isMethod: true, entry.Object.MethodCount, client, ref writer);
        }

        return DataAccessResult.Success;
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
