using System.Globalization;

namespace Latchkey.Emulators.Hosting;

/// <summary>Everything an emulator makes up, from one seed: the same calls in the same order give the same texts.</summary>
internal sealed class SeededDraws(int seed)
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public int Below(int limit)
    {
        lock (_gate) return _random.Next(limit);
    }

    public bool Percent(int percent) => Below(100) < percent;

    public string Text(int length)
    {
        lock (_gate) return string.Create(length, _random, static (span, random) => random.GetItems<char>(Alphabet, span));
    }

    public string Digits(int length)
    {
        lock (_gate) return string.Create(length, _random, static (span, random) => random.GetItems<char>("0123456789", span));
    }

    public string Hex(int bytes)
    {
        byte[] drawn = new byte[bytes];
        lock (_gate) _random.NextBytes(drawn);
        return Convert.ToHexString(drawn);
    }

    public string Id(string prefix, DateTimeOffset time, int digits) =>
        prefix + time.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + Digits(digits);
}
