using System.Numerics;

namespace Latchkey.Sts;

/// <summary>What asking for a token gave: a closed set.</summary>
/// <remarks>Source: IEC 62055-41, POS application.</remarks>
public abstract record SaleOutcome
{
    private SaleOutcome()
    {
    }

    /// <summary>Tokens were made.</summary>
    /// <param name="KeyChange">Tokens to enter first, in this order; empty where the meter's key is right.</param>
    /// <param name="Token">The credit or management token, entered last.</param>
    /// <param name="Tid">Its identifier.</param>
    /// <param name="Asked">The amount asked for, in steps of 0.1 unit or of 10⁻⁵ of the base currency; for other tokens their 16-bit value.</param>
    /// <param name="Granted">The amount in the token, in the same steps: the least that can be said and is not below what was asked.</param>
    /// <param name="Record">The meter's record once the tokens were accepted.</param>
    /// <remarks>Source: IEC 62055-41, POS application.</remarks>
    public sealed record Issued(IReadOnlyList<TokenNumber> KeyChange, TokenNumber Token, TokenIdentifier Tid, BigInteger Asked, BigInteger Granted, MeterKeyRecord Record) : SaleOutcome;

    /// <summary>No token was made. An identifier is used up only where it was the identifier that passed the key's end.</summary>
    /// <param name="Reason">Why.</param>
    /// <remarks>Source: IEC 62055-41, POS application.</remarks>
    public sealed record Refused(IssueRefusal Reason) : SaleOutcome;
}

/// <summary>Whom a token is for, and when.</summary>
/// <param name="Meter">The meter's record.</param>
/// <param name="Target">The revision its key should be under, usually <see cref="VendingKeyRevision.Current"/>.</param>
/// <param name="Tariff">The tariff index it should have, or null to keep it.</param>
/// <param name="WallClock">The system's wall clock: one fixed offset for ever.</param>
/// <param name="Random">Four random bits, 0 to 15. Tokens in currency have none.</param>
/// <remarks>Source: IEC 62055-41, POS application.</remarks>
public sealed record SaleRequest(MeterKeyRecord Meter, VendingKeyRevision Target, TariffIndex? Tariff, DateTime WallClock, byte Random);
