using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>Security setup: policy, suite and titles; transfer and agreement of keys; key pairs and certificates.</summary>
/// <remarks>key_transfer and key_agreement are all or nothing; the answer still goes out under the old keys. The policy is only ever raised.
/// Source: IEC 62056-6-2, Security setup (class_id 64, version 1).</remarks>
public sealed partial class SecuritySetup : CosemObject
{
    private readonly ServerSecurity _security;

    /// <summary>The object over a meter's keys.</summary>
    /// <param name="name">logical_name, 0.0.43.0.e.255.</param>
    /// <param name="security">The keys.</param>
    /// <param name="policy">The policy that holds from the start.</param>
    public SecuritySetup(LogicalName name, ServerSecurity security, SecurityPolicy policy)
        : base(InterfaceClass.SecuritySetup, 1, name, 6, 8)
    {
        _security = security;
        _initial = policy;
    }

    private readonly SecurityPolicy _initial;

    /// <summary>The title of the client that the current call comes from.</summary>
    internal SystemTitle Caller { get; set; }

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        Span<byte> title = stackalloc byte[SystemTitle.Size];
        switch (attribute)
        {
            case 2:
                writer.Enum((byte)(_initial | _security.Policy));
                break;
            case 3:
                writer.Enum((byte)_security.Suite);
                break;
            case 4:
                Caller.Write(title);
                writer.OctetString(Caller == default ? default : title);
                break;
            case 5:
                _security.Title.Write(title);
                writer.OctetString(title);
                break;
            default:
                WriteCertificates(ref writer);
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result) => method switch
    {
        1 => Activate(parameter),
        2 => TransferKeys(parameter),
        3 => AgreeOnKeys(parameter, ref result),
        4 => GenerateKeyPair(parameter),
        5 => RequestCertificate(parameter, ref result),
        6 => ImportCertificate(parameter),
        7 => ExportCertificate(parameter, ref result),
        _ => RemoveCertificate(parameter),
    };

    private ActionResult Activate(DataView parameter)
    {
        if (!parameter.TryGetInteger(DataTag.Enum, out long policy)) return ActionResult.TypeUnmatched;
        const long Reserved = 3;
        bool taken = (policy & Reserved) == 0 && ((SecurityPolicy)policy).Has(_initial) && _security.TryRaisePolicy((SecurityPolicy)policy);
        return taken ? ActionResult.Success : ActionResult.OtherReason;
    }

    private ActionResult TransferKeys(DataView parameter)
    {
        if (parameter.Tag != DataTag.Array || parameter.Count is 0 or > 4) return ActionResult.TypeUnmatched;
        foreach (DataView entry in parameter.Items)
        {
            if (!TryEntry(entry, out KeySlot slot, out ReadOnlySpan<byte> wrapped)) return Drop(ActionResult.TypeUnmatched);
            if (!_security.TryStage(slot, wrapped)) return Drop(ActionResult.OtherReason);
        }

        return ActionResult.Success;
    }

    private ActionResult AgreeOnKeys(DataView parameter, ref AxdrWriter result)
    {
        if (parameter.Tag != DataTag.Array || parameter.Count is 0 or > 4) return ActionResult.TypeUnmatched;
        if (_security.Suite == SecuritySuite.Suite0 || _security.PublicKeys?.Signing is not { } signing) return ActionResult.ObjectUnavailable;
        if (_security.PublicKeys.SigningKeyOf(Caller) is not { } verifying) return ActionResult.ReadWriteDenied;
        Span<byte> own = stackalloc byte[AgreedKey.DataSize(_security.Suite)];
        Span<byte> key = stackalloc byte[_security.Suite.KeySize()];
        result.Array(parameter.Count);
        foreach (DataView entry in parameter.Items)
        {
            if (!TryEntry(entry, out KeySlot slot, out ReadOnlySpan<byte> data)) return Drop(ActionResult.TypeUnmatched);
            using var agreed = new AgreedKey(_security.Suite, slot);
            bool good = agreed.TryWriteData(signing, own) && agreed.TryDerive(verifying, data, Caller, _security.Title, key);
            if (!good) return Drop(ActionResult.OtherReason);
            _security.Stage(slot, key);
            result.Structure(2);
            result.Enum((byte)slot);
            result.OctetString(own);
        }

        System.Security.Cryptography.CryptographicOperations.ZeroMemory(key);
        return result.Overflowed ? Drop(ActionResult.OtherReason) : ActionResult.Success;
    }

    private static bool TryEntry(DataView entry, out KeySlot slot, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        DataItems fields = entry.Items;
        bool typed = fields.TryTake(DataTag.Enum, out long number) & fields.TryTake(out DataView value);
        slot = (KeySlot)number;
        return typed && number <= (long)KeySlot.KeyEncryption && value.Tag == DataTag.OctetString && value.TryGetOctets(out octets);
    }

    private ActionResult Drop(ActionResult why)
    {
        _security.DropStaged();
        return why;
    }
}
