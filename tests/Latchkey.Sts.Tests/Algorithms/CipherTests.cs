using System.Security.Cryptography;
using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class CipherTests
{
    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea09)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void Decrypt_OfEncrypt_IsThePlainBlock(EncryptionAlgorithm algorithm) =>
        Gen.Select(Gen.Byte.Array[DecoderKey.LengthFor(algorithm)], Gen.ULong).Sample((bytes, block) =>
        {
            using DecoderKey key = StsGen.Key(bytes);
            using TokenCipher cipher = TokenCipher.Create(algorithm, key);
            return cipher.Decrypt(cipher.Encrypt(block)) == block;
        });

    [Fact]
    public void Ea07_AnyPermutations_MatchTheStandardsBitByBitDescription() =>
        Gen.Select(Gen.Int, Gen.ULong, Gen.ULong).Sample((seed, key, block) =>
        {
            var random = new Random(seed);
            byte[] s1 = Permutation(random, 16), s2 = Permutation(random, 16), p = Permutation(random, 64);
            Assert.True(StaTables.TryCreate(s1, s2, p, out StaTables? tables));
            byte[] bytes = BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(key));
            using DecoderKey decoderKey = StsGen.Key(bytes);
            using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea07, decoderKey, tables);
            return cipher.Encrypt(block) == PlainSta(s1, s2, p, key, block);
        });

#pragma warning disable CA5351 // the platform's DES is the reference here
    [Fact]
    public void Ea09_AnyKey_MatchesThePlatformsDes() =>
        Gen.Select(Gen.Byte.Array[8], Gen.Byte.Array[8]).Where((key, _) => !DES.IsWeakKey(key) && !DES.IsSemiWeakKey(key)).Sample((bytes, block) =>
        {
            using var des = DES.Create();
            des.Key = bytes;
            using DecoderKey key = StsGen.Key(bytes);
            using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea09, key);
            ulong ours = cipher.Encrypt(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(block));
            return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(des.EncryptEcb(block, PaddingMode.None)) == ours;
        });
#pragma warning restore CA5351

    [Fact]
    public void Ea09_AWeakKey_StillWorks()
    {
        using DecoderKey key = StsGen.Key(1, 1, 1, 1, 1, 1, 1, 1);
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea09, key);
        Assert.Equal(42UL, cipher.Decrypt(cipher.Encrypt(42)));
    }

    [Fact]
    public void Create_KeyOfTheWrongLength_Throws()
    {
        using DecoderKey key = StsGen.Key(new byte[8]);
        Assert.Throws<ArgumentException>(() => TokenCipher.Create(EncryptionAlgorithm.Ea11, key));
    }

    [Fact]
    public void Seal_AClassThatIsNotEncrypted_Throws()
    {
        using DecoderKey key = StsGen.Key(new byte[8]);
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea07, key);
        Assert.Throws<ArgumentOutOfRangeException>(() => cipher.Seal(TokenClass.NonMeterSpecificManagement, 0));
    }

    [Theory]
    [InlineData(15, 16, 64)]
    [InlineData(16, 17, 64)]
    [InlineData(16, 16, 63)]
    public void StaTables_WrongLengths_AreRefused(int s1, int s2, int p) => Assert.False(StaTables.TryCreate(Counting(s1), Counting(s2), Counting(p), out _));

    [Fact]
    public void StaTables_ARepeatedEntry_IsRefused()
    {
        byte[] twice = Counting(16);
        twice[3] = 4;
        Assert.False(StaTables.TryCreate(twice, Counting(16), Counting(64), out _));
        Assert.False(StaTables.TryCreate(Counting(16), twice, Counting(64), out _));
    }

    private static byte[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static byte[] Permutation(Random random, int count)
    {
        byte[] values = Counting(count);
        random.Shuffle(values);
        return values;
    }

    // The standard's own description, a bit and a nibble at a time.
    private static ulong PlainSta(byte[] s1, byte[] s2, byte[] p, ulong key, ulong block)
    {
        ulong k = ulong.RotateRight(~key, 12);
        for (int round = 0; round < 16; round++)
        {
            ulong substituted = 0, permuted = 0;
            for (int n = 0; n < 16; n++) substituted |= (ulong)(((k >> ((4 * n) + 3)) & 1) == 1 ? s2 : s1)[(block >> (4 * n)) & 0xF] << (4 * n);
            for (int i = 0; i < 64; i++) permuted |= ((substituted >> i) & 1) << p[i];
            block = permuted;
            k = ulong.RotateLeft(k, 1);
        }

        return block;
    }
}
