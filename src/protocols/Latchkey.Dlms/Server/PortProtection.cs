using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>Communication port protection: how failed authentications lock a port, and where that stands.</summary>
/// <remarks>Source: IEC 62056-6-2, Communication port protection (class_id 124, version 0).</remarks>
public sealed class PortProtection(LogicalName name, LogicalName port, DlmsServer server)
    : CosemObject(InterfaceClass.CommunicationPortProtection, 0, name, 10, 1)
{
    private readonly PortLock _lock = server.Lock;

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                writer.Enum((byte)_lock.Mode);
                break;
            case 3:
                writer.LongUnsigned(_lock.AllowedAttempts);
                break;
            case 4:
                writer.DoubleLongUnsigned(_lock.InitialS);
                break;
            case 5:
                writer.Unsigned(_lock.Steepness);
                break;
            case 6:
                writer.DoubleLongUnsigned(_lock.MaxS);
                break;
            case 7:
                writer.Name(port);
                break;
            case 8:
                writer.Enum(_lock.IsLocked ? _lock.Mode == PortLockMode.Locked ? (byte)2 : (byte)1 : (byte)0);
                break;
            case 9:
                writer.DoubleLongUnsigned(_lock.FailedAttempts);
                break;
            default:
                writer.DoubleLongUnsigned(_lock.CumulativeFailedAttempts);
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        (DataTag tag, long low, long high) = attribute switch
        {
            2 => (DataTag.Enum, 1L, 2L),
            3 => (DataTag.LongUnsigned, 1L, 1_000L),
            4 => (DataTag.DoubleLongUnsigned, 1L, 86_400L),
            5 => (DataTag.Unsigned, 1L, 100L),
            6 => (DataTag.DoubleLongUnsigned, 1L, 604_800L),
            _ => (DataTag.NullData, 0L, 0L),
        };
        if (tag == DataTag.NullData) return DataAccessResult.ReadWriteDenied;
        if (!value.TryGetInteger(tag, out long number)) return DataAccessResult.TypeUnmatched;

        // Mode 0 would lock the port for good, and nobody could come to unlock it.
        if (number < low || number > high) return DataAccessResult.OtherReason;
        switch (attribute)
        {
            case 2:
                _lock.Mode = (PortLockMode)number;
                break;
            case 3:
                _lock.AllowedAttempts = (ushort)number;
                break;
            case 4:
                _lock.InitialS = (uint)number;
                break;
            case 5:
                _lock.Steepness = (byte)number;
                break;
            default:
                _lock.MaxS = (uint)number;
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!parameter.TryGetInteger(DataTag.Integer, out long zero)) return ActionResult.TypeUnmatched;
        if (zero != 0) return ActionResult.OtherReason;
        _lock.Reset();
        return ActionResult.Success;
    }
}
