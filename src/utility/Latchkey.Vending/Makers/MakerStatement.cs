using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>A token as a maker's own statement lists it. The number itself is not kept: whoever reads the books could type it.</summary>
/// <param name="Pan">Of the meter that the statement names by the number on its face.</param>
/// <param name="Tenths">0.1 kWh; zero for a token without energy.</param>
/// <param name="TokenHash">SHA-256 of the number.</param>
/// <param name="Tail">Its last four digits, by which people find it in the maker's paper.</param>
/// <param name="Times">How often the statement lists it.</param>
public sealed record StatedToken(string Make, MakerTokenKind Kind, MeterPan Pan, long Tenths, DateTimeOffset At, ReadOnlyMemory<byte> TokenHash, string Tail, int Times)
{
    public static StatedToken Of(string make, MakerTokenKind kind, MeterPan pan, long tenths, DateTimeOffset at, TokenNumber token) =>
        new(make, kind, pan, tenths, at, SoftwareSigner.HashOf(token), token.ToString()[^4..], 1);
}

/// <summary>What a maker says that its service made in a stretch of time, completely: what is not in it was not made.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after.</param>
public sealed record MakerStatement(string Make, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<StatedToken> Lines)
{
    public const int MostLines = 1_000_000;
}
