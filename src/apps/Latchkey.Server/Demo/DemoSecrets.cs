using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Storage;
using Latchkey.Sts;

namespace Latchkey.Server.Demo;

/// <summary>The keys of a made-up supply group and its meters, all derived from one secret.</summary>
/// <remarks>A story derives it from its seed, so that it repeats; a served park draws it once and keeps it in its data directory.</remarks>
public sealed class DemoSecrets
{
    private const int MasterLength = 32;
    private readonly byte[] _master;

    private DemoSecrets(byte[] master) => _master = master;

    /// <summary>The secret of a story: everything repeats with the seed, and protects nothing.</summary>
    public static DemoSecrets FromSeed(int seed)
    {
        Span<byte> text = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(text, seed);
        return new DemoSecrets(SHA256.HashData([.. "latchkey story "u8, .. text]));
    }

    /// <summary>The secret of a served park, drawn at its first start, readable by its owner alone.</summary>
    public static DemoSecrets OpenOrCreate(string directory) => new(SecretFile.OpenOrCreate(directory, "demo.secret", MasterLength));

    /// <summary>A vending key: 20 bytes for DKGA04, or 8 bytes of odd parity for DKGA02. The caller clears it.</summary>
    public byte[] VendingKeyBytes(int length)
    {
        byte[] key = Derive(length, $"vending key {length}");
        if (length != VendingKey.SingleDesLength) return key;
        for (int i = 0; i < key.Length; i++)
        {
            bool isOdd = (BitOperations.PopCount(key[i]) & 1) == 1;
            if (!isOdd) key[i] ^= 1;
        }

        return key;
    }

    /// <summary>What a meter and its head-end share.</summary>
    public byte[] MessageKey(MeterPan pan) => Derive(32, $"message key {pan}");

    public override string ToString() => "demo secrets (not shown)";

    private byte[] Derive(int length, string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, length, info: Encoding.ASCII.GetBytes(purpose));
}
