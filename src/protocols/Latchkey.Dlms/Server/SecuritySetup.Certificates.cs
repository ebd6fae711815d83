using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

public sealed partial class SecuritySetup
{
    private void WriteCertificates(ref AxdrWriter writer)
    {
        IReadOnlyList<CertificateEntry> entries = _security.PublicKeys?.Entries ?? [];
        writer.Array(entries.Count);
        foreach (CertificateEntry entry in entries)
        {
            writer.Structure(6);
            writer.Enum((byte)entry.Entity);
            writer.Enum((byte)entry.Purpose);
            writer.OctetString(entry.Serial);
            writer.OctetString(entry.Issuer);
            writer.OctetString(entry.Subject);
            writer.OctetString(default);
        }
    }

    private ActionResult GenerateKeyPair(DataView parameter)
    {
        if (!parameter.TryGetInteger(DataTag.Enum, out long purpose)) return ActionResult.TypeUnmatched;
        bool made = purpose <= (long)KeyPurpose.Tls && _security.PublicKeys?.TryGenerate((KeyPurpose)purpose) == true;
        return made ? ActionResult.Success : ActionResult.OtherReason;
    }

    private ActionResult RequestCertificate(DataView parameter, ref AxdrWriter result)
    {
        if (!parameter.TryGetInteger(DataTag.Enum, out long purpose)) return ActionResult.TypeUnmatched;
        if (purpose > (long)KeyPurpose.Tls || _security.PublicKeys?.CreateRequest((KeyPurpose)purpose) is not byte[] request) return ActionResult.OtherReason;
        result.OctetString(request);
        return result.Overflowed ? ActionResult.OtherReason : ActionResult.Success;
    }

    private ActionResult ImportCertificate(DataView parameter)
    {
        if (parameter.Tag != DataTag.OctetString || !parameter.TryGetOctets(out ReadOnlySpan<byte> der)) return ActionResult.TypeUnmatched;
        return _security.PublicKeys?.TryImport(der) == true ? ActionResult.Success : ActionResult.OtherReason;
    }

    private ActionResult ExportCertificate(DataView parameter, ref AxdrWriter result)
    {
        if (!TryFind(parameter, out CertificateEntry? entry)) return ActionResult.TypeUnmatched;
        if (entry is null) return ActionResult.OtherReason;
        result.OctetString(entry.Der);
        return result.Overflowed ? ActionResult.OtherReason : ActionResult.Success;
    }

    private ActionResult RemoveCertificate(DataView parameter)
    {
        if (!TryFind(parameter, out CertificateEntry? entry)) return ActionResult.TypeUnmatched;
        return entry is not null && _security.PublicKeys!.TryRemove(entry) ? ActionResult.Success : ActionResult.OtherReason;
    }

    // {0, {entity, type, system title}} or {1, {serial number, issuer}}; false where it is neither, null where there is no such certificate.
    private bool TryFind(DataView parameter, out CertificateEntry? entry)
    {
        entry = null;
        DataItems outer = parameter.Items;
        if (parameter.Tag != DataTag.Structure || !outer.TryTake(DataTag.Enum, out long how) || !outer.TryTake(out DataView options)) return false;
        DataItems fields = options.Items;
        return how switch
        {
            0 => TryFindByEntity(fields, out entry),
            1 => TryFindBySerial(fields, out entry),
            _ => false,
        };
    }

    private bool TryFindByEntity(DataItems fields, out CertificateEntry? entry)
    {
        entry = null;
        if (!fields.TryTake(DataTag.Enum, out long entity) || !fields.TryTake(DataTag.Enum, out long purpose)) return false;
        if (!fields.TryTake(out DataView named) || !named.TryGetOctets(out ReadOnlySpan<byte> octets)) return false;
        bool titled = SystemTitle.TryRead(octets, out SystemTitle title);
        entry = _security.PublicKeys?.Find(c => (long)c.Entity == entity && (long)c.Purpose == purpose && (!titled || c.Title == title));
        return true;
    }

    private bool TryFindBySerial(DataItems fields, out CertificateEntry? entry)
    {
        entry = null;
        if (!fields.TryTake(out DataView number) || !number.TryGetOctets(out ReadOnlySpan<byte> serial)) return false;
        if (!fields.TryTake(out DataView from) || !from.TryGetOctets(out ReadOnlySpan<byte> issuer)) return false;
        (byte[] wantedSerial, byte[] wantedIssuer) = (serial.ToArray(), issuer.ToArray());
        entry = _security.PublicKeys?.Find(c => c.Serial.AsSpan().SequenceEqual(wantedSerial) && c.Issuer.AsSpan().SequenceEqual(wantedIssuer));
        return true;
    }
}
