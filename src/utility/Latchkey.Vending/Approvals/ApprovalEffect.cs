using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>Exactly what a request would do. Its hash is part of the name of the account that the approval is kept in, so an approval fits nothing else.</summary>
/// <param name="Subject">The meter's 18 digits; the name of a budget's account; a vendor, a key, a purchase's id; <c>any</c> for a test token.</param>
/// <param name="Amount">In <paramref name="Unit"/>: 0.1 kWh, watts, a register's number, a control field, minor units, tokens.</param>
/// <param name="Unit">What the amount counts, as written by <see cref="LedgerUnit"/>; <c>W</c>, <c>register</c>, <c>tests-1</c>, <c>tests-2</c> for the tokens of meters.</param>
/// <param name="Detail">The replaced meter and the reference of a transfer; the manufacturer's code of a test; what an act is bound to; otherwise empty.</param>
public sealed record ApprovalEffect(ApprovalKind Kind, string Subject, long Amount, string Unit, string Detail)
{
    public const int MaxTextLength = 96;
    private const int HashBytes = 16;

    /// <summary>What is approved as one name: the same effect, the same name.</summary>
    /// <remarks>Of a transfer's detail only the replaced meter: the signer sees that in the entry, and the reference it does not.</remarks>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(
        (Kind == ApprovalKind.CreditTransfer ? this with { Detail = Detail.Split(' ', 2)[0] } : this).Bytes()).AsSpan(0, HashBytes));

    /// <summary>Where the approval of this effect under this id lies until it is used.</summary>
    public AccountId AccountOf(Guid id) => AccountId.Require($"approval:{id:N}:{Fingerprint}");

    internal byte[] Bytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{(int)Kind}\n{Subject}\n{Amount}\n{Unit}\n{Detail}"));
}
