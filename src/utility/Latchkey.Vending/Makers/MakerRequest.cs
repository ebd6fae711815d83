using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>Where a request to a maker's service stands. Numbers are stored.</summary>
public enum MakerRequestState
{
    /// <summary>Kept before it was sent. While it stands so, nobody knows whether there is a token.</summary>
    Asked = 1,

    /// <summary>There is a token.</summary>
    Answered = 2,

    /// <summary>There is none and will be none: the service says so, or two people who asked the maker.</summary>
    Refused = 3,

    /// <summary>It surely was not sent; the order may be asked for again.</summary>
    NotSent = 4,

    /// <summary>Nothing was sent, and for this entry nothing ever will be: its money goes back.</summary>
    Never = 5,
}

/// <summary>A line of the journal of maker's tokens: what was asked, for which entry of the books, and what came of it.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="OrderId">The order, or the management token, that it is for.</param>
/// <param name="EntryId">The committed entry that it rests on; at most one line of it is asked, answered or never.</param>
/// <param name="EntryHash">That entry's hash in the chain.</param>
/// <param name="Tenths">0.1 kWh; zero for a token without energy.</param>
/// <param name="Code">Why there is no token.</param>
/// <param name="People">Who settled it, where no answer came; null otherwise.</param>
public sealed record MakerRequest(
    long Number, Guid Id, MakerTokenKind Kind, string Make, Guid OrderId, Guid EntryId, ChainHash EntryHash, MeterPan Pan, long Tenths,
    DateTimeOffset AskedAt, MakerRequestState State, DateTimeOffset? EndedAt = null, TokenNumber? Token = null,
    ReadOnlyMemory<byte> AnswerHash = default, string? Code = null, string? People = null)
{
    public const int MaxPeopleLength = 200;

    public MakerWish Wish => new(Id, Kind, Pan, Tenths);

    /// <summary>SHA-256 over every field of an answered line: the books keep it, so that the line cannot be changed, taken away or added unseen.</summary>
    public string Digest()
    {
        string text = string.Join('\n',
            "maker token 1", Id.ToString("D"), ((int)Kind).ToString(CultureInfo.InvariantCulture), Make, OrderId.ToString("D"), EntryId.ToString("D"), EntryHash.ToString(),
            Pan.ToString(), Tenths.ToString(CultureInfo.InvariantCulture), AskedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            EndedAt?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Token?.ToString(), Convert.ToHexStringLower(AnswerHash.Span), People);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}

/// <summary>The journal of maker's tokens inside one transaction.</summary>
public interface IMakerBooks
{
    /// <summary>The newest line of an entry; null where nothing was asked for it.</summary>
    MakerRequest? Newest(Guid entryId);

    MakerRequest? Find(Guid requestId);

    /// <summary>The line with this token; null where there is none.</summary>
    MakerRequest? FindByToken(TokenNumber token);

    /// <summary>How many lines an entry has.</summary>
    int CountOf(Guid entryId);

    /// <summary>Adds a line and gives it its number.</summary>
    void Add(MakerRequest request);

    /// <summary>Says how an asked line ended; once.</summary>
    void End(MakerRequest ended);

    /// <summary>Those of which nobody knows, the oldest first.</summary>
    IReadOnlyList<MakerRequest> Waiting(int limit);

    /// <summary>Every line in order. <paramref name="line"/> returns false to stop.</summary>
    void ForEach(Func<MakerRequest, bool> line);

    /// <summary>Tokens that more than one line has, and entries with more than one token; at most <paramref name="limit"/>.</summary>
    IReadOnlyList<MakerRequest> Doubled(int limit);

    /// <summary>Why nothing is asked of a make's service at present; null where it is asked.</summary>
    string? StoppedReason(string make);

    /// <summary>Stops a make, or lets it go on where <paramref name="reason"/> is null.</summary>
    void SetStopped(string make, string? reason, DateTimeOffset at);
}
