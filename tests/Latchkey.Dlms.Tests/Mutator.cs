namespace Latchkey.Dlms.Tests;

/// <summary>Makes hostile octets from good ones by a seed: bits flipped, octets changed, cut out, doubled, lengths pulled about, two inputs spliced.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, uint seed)
{
    private const int MaxLength = 4_096;
    private static readonly byte[] Telling = [0x00, 0x01, 0x02, 0x7E, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x13, 0x09, 0xC0, 0xC4, 0xD8, 0xDB, 0xDD, 0xDF, 0xE0, 0xFE, 0xFF];
    private uint _state = seed;

    public byte[] Next()
    {
        var octets = new List<byte>(corpus[Below(corpus.Count)]);
        int steps = 1 + Below(6);
        for (int i = 0; i < steps; i++) Mutate(octets);
        if (octets.Count > MaxLength) octets.RemoveRange(MaxLength, octets.Count - MaxLength);
        return [.. octets];
    }

    public int Below(int bound)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)Math.Max(1, bound));
    }

    private void Mutate(List<byte> octets)
    {
        int at = Below(octets.Count);
        switch (octets.Count == 0 ? 3 : Below(8))
        {
            case 0:
                octets[at] ^= (byte)(1 << Below(8));
                break;
            case 1:
                octets[at] = (byte)Below(256);
                break;
            case 2:
                octets[at] = Telling[Below(Telling.Length)];
                break;
            case 3:
                octets.Insert(at, Telling[Below(Telling.Length)]);
                break;
            case 4:
                octets.RemoveRange(at, Math.Min(1 + Below(8), octets.Count - at));
                break;
            case 5:
                octets.RemoveRange(at, octets.Count - at);
                break;
            case 6:
                byte[] piece = [.. octets.GetRange(at, Math.Min(1 + Below(32), octets.Count - at))];
                octets.InsertRange(Below(octets.Count), piece);
                break;
            default:
                byte[] other = corpus[Below(corpus.Count)];
                int from = Below(other.Length);
                octets.InsertRange(at, other.AsSpan(from, Math.Min(64, other.Length - from)).ToArray());
                break;
        }
    }
}
