using System.Globalization;
using Latchkey.Server.Portal.Keys;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.Rooms;

/// <summary>The signer's keys, wherever the signer is.</summary>
internal sealed class KeyReader(VendingHouse house, PortalActs acts) : IKeyView
{
    private const string RaiseReason = "limit raised at the portal", ResumeReason = "key started again at the portal";

    public bool HoldsCeremonies => house.HasSigner;

    public async Task<IReadOnlyList<KeyLine>?> ListAsync(CancellationToken cancellationToken) =>
        await house.KeysAsync(cancellationToken) is { } keys ? [.. keys.OrderBy(k => k.KeyId, StringComparer.Ordinal).Select(Line)] : null;

    public async Task<string?> RaiseAsync(string keyId, long minorUnits, string first, string second, CancellationToken cancellationToken)
    {
        if (!house.HasSigner) return VendingCodes.SignerApart;
        if (Find(keyId) is not { } key) return VendingCodes.KeyMissing;
        return ActEffects.KeyLimit(key, minorUnits, out _) is { } effect ? await acts.DoAsync(effect, RaiseReason, first, second, cancellationToken) : VendingCodes.AmountZero;
    }

    public async Task<string?> StopAsync(string keyId, string reason, CancellationToken cancellationToken)
    {
        if (house.HasSigner) return await house.Keys.StopAsync(keyId, reason, cancellationToken);
        try
        {
            await house.Signer.StopAsync(keyId, reason, cancellationToken);
            return null;
        }
        catch (SignerAwayException)
        {
            return VendingCodes.SignerUnavailable;
        }
    }

    public async Task<string?> ResumeAsync(string keyId, string first, string second, CancellationToken cancellationToken)
    {
        if (!house.HasSigner) return VendingCodes.SignerApart;
        if (Find(keyId) is not { } key) return VendingCodes.KeyMissing;
        return ActEffects.KeyResume(key, out _) is { } effect ? await acts.DoAsync(effect, ResumeReason, first, second, cancellationToken) : null;
    }

    private SignerKey? Find(string keyId) => house.Keys.Keys.FirstOrDefault(k => k.KeyId == keyId) is { } key ? SignerKey.Of(key) : null;

    private static KeyLine Line(SignerKey key)
    {
        (string group, int revision, string type, int year) = Parts(key.KeyId);
        return new KeyLine(
            key.KeyId, group, revision, type, year, key.CheckValue.ToUpperInvariant(), key.Counters.Tokens, key.Counters.Tenths, key.Counters.MinorUnits, key.CreditLimit, key.ActiveFrom, key.IssueUntil,
            key.StoppedReason);
    }

    /// <summary>A key's name says group, revision, type and base date.</summary>
    private static (string Group, int Revision, string Type, int Year) Parts(string keyId) =>
        keyId.Split('-') is [var group, var revision, var type, var year] && Number(revision) is { } krn && Number(type) is { } kt && Number(year) is { } from
            ? (group, krn, ((KeyType)kt).ToString(), from)
            : (keyId, 0, string.Empty, 0);

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
