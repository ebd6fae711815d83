using System.Buffers;
using System.Runtime.InteropServices;

namespace Latchkey.Ledger;

/// <summary>Names an account by a path of lower-case words, for example <c>revenue:energy</c> or <c>float:shop-7</c>.</summary>
/// <remarks>1 to 96 of <c>a-z 0-9 : . _ -</c>, so that the name means the same in every encoding and its bytes can be hashed.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AccountId : IComparable<AccountId>
{
    public const int MaxLength = 96;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789:._-");
    private readonly string? _value;

    /// <summary>Reckoned once: an entry looks up each of its accounts several times.</summary>
    private readonly int _hash;

    private AccountId(string value) => (_value, _hash) = (value, value.GetHashCode(StringComparison.Ordinal));

    public static bool TryParse(string? text, out AccountId id)
    {
        bool valid = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
        id = valid ? new AccountId(text!) : default;
        return valid;
    }

    /// <summary>For names the program itself makes; throws on anything <see cref="TryParse"/> refuses.</summary>
    public static AccountId Require(string text) =>
        TryParse(text, out AccountId id) ? id : throw new ArgumentException($"'{text}' is not an account name.", nameof(text));

    public bool Equals(AccountId other) => _hash == other._hash && string.Equals(_value, other._value, StringComparison.Ordinal);

    public override int GetHashCode() => _hash;

    public int CompareTo(AccountId other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => _value ?? string.Empty;

    public static bool operator <(AccountId left, AccountId right) => left.CompareTo(right) < 0;

    public static bool operator >(AccountId left, AccountId right) => left.CompareTo(right) > 0;

    public static bool operator <=(AccountId left, AccountId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AccountId left, AccountId right) => left.CompareTo(right) >= 0;
}
