using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>What people learnt from a maker of one request: its token, or that none was made. Part of what two of them approve.</summary>
/// <param name="Token">Null where the maker has made none.</param>
/// <param name="RequestId">Of the journal's line: a later request of the same purchase is another.</param>
public sealed record MakerClaim(TokenNumber? Token, Guid RequestId)
{
    private const string NoToken = "no-token", Request = "request";

    public override string ToString() => $"{Token?.ToString() ?? NoToken} {Request} {RequestId:N}";

    /// <summary>Reads what <see cref="ToString"/> wrote, and nothing else.</summary>
    public static bool TryParse(string text, out MakerClaim claim)
    {
        claim = new MakerClaim(null, Guid.Empty);
        if (text.Split(' ') is not [var said, Request, var id] || !Guid.TryParseExact(id, "N", out Guid request)) return false;
        TokenNumber token = default;
        if (said != NoToken && !TokenNumber.TryParse(said, out token)) return false;
        claim = new MakerClaim(said == NoToken ? null : token, request);
        return claim.ToString() == text;
    }
}
