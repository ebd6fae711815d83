using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>What a meter knows of its STS key; only key-change tokens change it.</summary>
public interface IStsAttributes
{
    /// <summary>The meter's number: issuer, decoder reference number, check digit.</summary>
    (uint Issuer, ulong Drn, byte Check) Pan { get; }

    /// <summary>The encryption algorithm: 7, 9 or 11.</summary>
    byte Algorithm { get; }

    /// <summary>Supply group code.</summary>
    uint SupplyGroup { get; }

    /// <summary>Tariff index.</summary>
    byte TariffIndex { get; }

    /// <summary>Key revision number.</summary>
    byte KeyRevision { get; }

    /// <summary>Key type.</summary>
    byte KeyType { get; }

    /// <summary>Key expiry number.</summary>
    byte KeyExpiry { get; }

    /// <summary>Tokens of a key change.</summary>
    byte KeyChangeTokens { get; }
}

/// <summary>IEC 62055-41 attributes: which STS key the meter has, without the key.</summary>
/// <remarks>Source: IEC 62056-6-2, IEC 62055-41 attributes (class_id 116, version 0).</remarks>
public sealed class StsAttributesObject(LogicalName name, IStsAttributes sts) : CosemObject(InterfaceClass.StsAttributes, 0, name, 12, 0)
{
    private const byte VirtualCarrier = 7;
    private const byte KeypadCarrier = 1;

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                (uint issuer, ulong drn, byte check) = sts.Pan;
                writer.Structure(3);
                writer.DoubleLongUnsigned(issuer);
                writer.Long64Unsigned(drn);
                writer.Unsigned(check);
                break;
            case 3:
                writer.VisibleString("ELECTRICITY");
                break;
            case 4:
                writer.Array(2);
                writer.Unsigned(KeypadCarrier);
                writer.Unsigned(VirtualCarrier);
                break;
            case 5:
                writer.Unsigned(sts.Algorithm);
                break;
            case 6:
                writer.DoubleLongUnsigned(sts.SupplyGroup);
                break;
            case 7:
                writer.Unsigned(sts.TariffIndex);
                break;
            case 8:
                writer.Unsigned(sts.KeyRevision);
                break;
            case 9:
                writer.Unsigned(sts.KeyType);
                break;
            case 10:
                writer.Unsigned(sts.KeyExpiry);
                break;
            case 11:
                writer.Unsigned(sts.KeyChangeTokens);
                break;
            default:
                writer.VisibleString(string.Empty);
                break;
        }

        return DataAccessResult.Success;
    }
}
