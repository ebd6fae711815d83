using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>Security setup: suite, titles and the transfer of new keys.</summary>
/// <remarks>key_transfer is all or nothing. Key agreement and certificates are not offered here and are answered as such.
/// Source: IEC 62056-6-2, Security setup (class_id 64, version 1).</remarks>
public sealed class SecuritySetup(LogicalName name, ServerSecurity security, SecurityPolicy policy)
    : CosemObject(InterfaceClass.SecuritySetup, 1, name, 6, 8)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        Span<byte> title = stackalloc byte[SystemTitle.Size];
        switch (attribute)
        {
            case 2:
                writer.Enum((byte)policy);
                break;
            case 3:
                writer.Enum((byte)security.Suite);
                break;
            case 4:
                writer.OctetString(default);
                break;
            case 5:
                security.Title.Write(title);
                writer.OctetString(title);
                break;
            default:
                writer.Array(0);
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (method != 2) return ActionResult.ObjectUnavailable;
        if (parameter.Tag != DataTag.Array || parameter.Count is 0 or > 4) return ActionResult.TypeUnmatched;
        foreach (DataView entry in parameter.Items)
        {
            DataItems fields = entry.Items;
            bool typed = fields.TryTake(DataTag.Enum, out long slot) & fields.TryTake(out DataView wrapped);
            if (!typed || !wrapped.TryGetOctets(out ReadOnlySpan<byte> octets))
            {
                security.DropStaged();
                return ActionResult.TypeUnmatched;
            }

            if (slot > (long)KeySlot.KeyEncryption || !security.TryStage((KeySlot)slot, octets))
            {
                security.DropStaged();
                return ActionResult.OtherReason;
            }
        }

        return ActionResult.Success;
    }
}
