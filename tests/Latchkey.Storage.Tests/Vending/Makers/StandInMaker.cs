using Latchkey.Sts;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>A maker's service in this process, with a key that nobody else has: what it does next is told beforehand.</summary>
internal sealed class StandInMaker : IMakerTokenService
{
    private static readonly byte[] MakersKey = Convert.FromHexString("CDCDCDCDCDCDCDCD929292929292929276543210");
    private readonly Queue<Func<MakerWish, MakerOutcome>> _next = new();
    private readonly Dictionary<Guid, TokenNumber> _known = [];
    private uint _minute = 2_000_000;

    /// <summary>Every wish that was sent, in order.</summary>
    public List<MakerWish> Sent { get; } = [];

    public int Looks { get; private set; }

    public bool KnowsRequests { get; init; }

    /// <summary>Passes before every call; a test may end the program here.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public Func<Task> After { get; set; } = () => Task.CompletedTask;

    public static MakerOutcome.Unknown Lost { get; } = new("lost");

    public bool Makes(MakerTokenKind kind) => true;

    public void Next(params Func<MakerWish, MakerOutcome>[] answers)
    {
        foreach (Func<MakerWish, MakerOutcome> answer in answers) _next.Enqueue(answer);
    }

    /// <summary>Makes the token, tells nobody.</summary>
    public MakerOutcome MakeAndLose(MakerWish wish)
    {
        Make(wish);
        return Lost;
    }

    public async Task<MakerOutcome> MakeAsync(MakerWish wish, CancellationToken cancellationToken)
    {
        await Before();
        MakerOutcome outcome;
        lock (_next)
        {
            Sent.Add(wish);
            outcome = _next.TryDequeue(out Func<MakerWish, MakerOutcome>? told) ? told(wish) : Make(wish);
        }

        await After();
        return outcome;
    }

    public Task<MakerOutcome> FindAsync(MakerWish wish, CancellationToken cancellationToken)
    {
        Looks++;
        return Task.FromResult<MakerOutcome>(_known.TryGetValue(wish.RequestId, out TokenNumber token) ? new MakerOutcome.Made(token, new byte[32]) : Lost);
    }

    public MakerOutcome.Made Make(MakerWish wish)
    {
        TransferAmount.TryFromSteps(wish.Tenths, out TransferAmount amount);
        using TokenCipher cipher = Cipher(wish.Pan, out DecoderKey key);
        using (key)
        {
            TokenIdentifier tid = TokenIdentifier.FromMinutes(_minute++);
            TokenNumber token = wish.Kind == MakerTokenKind.Credit
                ? cipher.Seal(TokenClass.CreditTransfer, CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, 5, tid, amount)))
                : cipher.Seal(TokenClass.MeterSpecificManagement, ManagementTokenCodec.Encode(
                    new ManagementToken(wish.Kind == MakerTokenKind.ClearCredit ? ManagementSubClass.ClearCredit : ManagementSubClass.ClearTamperCondition, 5, tid, 0)));
            _known[wish.RequestId] = token;
            return new MakerOutcome.Made(token, System.Security.Cryptography.SHA256.HashData([1]));
        }
    }

    /// <summary>What the maker's meter makes of a token.</summary>
    public static TokenResult Read(TokenNumber token, MeterPan pan, out CreditToken credit)
    {
        using TokenCipher cipher = Cipher(pan, out DecoderKey key);
        using (key) return CreditTokenCodec.Decode(cipher.Decrypt(token.Block), out credit);
    }

    private static TokenCipher Cipher(MeterPan pan, out DecoderKey key)
    {
        Assert.True(VendingKey.TryCreate(MakersKey, out VendingKey? vending));
        using (vending) key = DecoderKeyGeneration.Derive(vending, Shop.Key with { Pan = pan });
        return TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
    }
}
