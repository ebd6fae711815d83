using Latchkey.Ledger;

namespace Latchkey.Vending.Vendors;

/// <summary>
/// A part of a vendor's float in the hands of one terminal: an account of its own with the float's own limit, so that terminals do not wait for each
/// other and none can spend what another holds. The parts and the rest are the float, always.
/// </summary>
/// <param name="Slot">The terminal's place at this vendor, from 1; its account is used again by the next lease.</param>
/// <param name="Id">Made by the caller: the same id is the same lease.</param>
/// <param name="Holder">The terminal.</param>
/// <param name="MinorUnits">What was handed over.</param>
/// <param name="ReturnedAt">From when on nothing is sold on it; null while it is open.</param>
public sealed record FloatLease(
    string Vendor, int Slot, Guid Id, string Holder, long MinorUnits, DateTimeOffset GrantedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ReturnedAt = null)
{
    public const int MostSlots = 999;
    public const int MaxHolderLength = 64;
    private const string FloatPrefix = "float:";
    private const string Infix = ":lease:";

    /// <summary>How sales name it: the channel of a purchase at this terminal.</summary>
    public string Channel => ChannelOf(Vendor, Slot);

    /// <summary>The account that pays.</summary>
    public AccountId Account => AccountId.Require(FloatPrefix + Channel);

    public bool IsOpenAt(DateTimeOffset now) => ReturnedAt is null && now < ExpiresAt;

    public static string ChannelOf(string vendor, int slot) => vendor + Infix + slot.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The vendor and slot of a channel that names a lease; false for any other text.</summary>
    public static bool TryParseChannel(string channel, out string vendor, out int slot)
    {
        int at = channel.IndexOf(Infix, StringComparison.Ordinal);
        vendor = at > 0 ? channel[..at] : string.Empty;
        slot = 0;
        return at > 0
            && int.TryParse(channel.AsSpan(at + Infix.Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out slot)
            && slot is >= 1 and <= MostSlots
            && channel == ChannelOf(vendor, slot);
    }

    /// <summary>Whose float, or part of a float, an account is; null for any other account.</summary>
    public static string? VendorOf(AccountId account)
    {
        string name = account.ToString();
        if (!name.StartsWith(FloatPrefix, StringComparison.Ordinal)) return null;
        string rest = name[FloatPrefix.Length..];
        return TryParseChannel(rest, out string vendor, out _) ? vendor : rest;
    }
}
