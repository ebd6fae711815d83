using System.Buffers.Binary;
using Latchkey.Sts;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>A maker's service whose memory outlives the program that asks it: every token it made is a line of a file.</summary>
internal sealed class FileMaker(string path) : IMakerTokenService
{
    private readonly Lock _gate = new();

    public bool KnowsRequests => false;

    public bool Makes(MakerTokenKind kind) => true;

    public Task<MakerOutcome> MakeAsync(MakerWish wish, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ulong block = (BinaryPrimitives.ReadUInt64BigEndian(System.Security.Cryptography.SHA256.HashData(wish.RequestId.ToByteArray())) & ~0xFFFFUL) | (uint)File.ReadLines(path).Count();
            TokenNumber token = TokenNumber.FromBlock(TokenClass.CreditTransfer, block);
            File.AppendAllText(path, $"{wish.RequestId:D} {token}\n");
            return Task.FromResult<MakerOutcome>(new MakerOutcome.Made(token, new byte[32]));
        }
    }

    public Task<MakerOutcome> FindAsync(MakerWish wish, CancellationToken cancellationToken) => Task.FromResult<MakerOutcome>(new MakerOutcome.Unknown("it knows no ids"));

    /// <summary>What was made, by request; more than one token for a request cannot be read.</summary>
    public static Dictionary<Guid, TokenNumber> MadeIn(string path) =>
        File.ReadLines(path).Where(l => l.Contains(' ', StringComparison.Ordinal)).ToDictionary(l => Guid.Parse(l.Split(' ')[0]), l => TokenNumber.Parse(l.Split(' ')[1]));
}
