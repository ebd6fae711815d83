using System.Reflection;
using System.Text.Json;

namespace Latchkey.Sts.Tests;

/// <summary>Keys appear in no text and leave no bytes behind.</summary>
public sealed class SecretsTests
{
    private static readonly byte[] Secret = Convert.FromHexString("c1d2e3f4a5b697887766554433221100");

    private static readonly byte[] VendingSecret = [.. Secret, 0x5A, 0x6B, 0x7C, 0x8D];

    [Fact]
    public void ToStringAndJson_OfEverythingThatHoldsAKey_ShowNoneOfIt()
    {
        string[] texts = [.. KeyHolders().SelectMany(holder => new[] { holder.ToString() ?? "", $"{holder}", Json(holder) })];
        Assert.All(texts, text => Assert.Null(Leak(text)));
    }

    [Fact]
    public void Leak_OfAPartOfAKey_IsFound() // the guard is shown a breach
    {
        Assert.NotNull(Leak("key C1D2E3F4"));
        Assert.NotNull(Leak(Convert.ToBase64String(Secret)));
        Assert.NotNull(Leak(JsonSerializer.Serialize(0xC1D2E3F4u)));
    }

    [Fact]
    public void Exceptions_AboutKeys_ShowNoneOfThem()
    {
        using DecoderKey longKey = StsGen.Key(Secret);
        using var meter = new TestMeter(EncryptionAlgorithm.Ea07);
        DecoderKeyAttributes attributes = meter.Attributes;
        Exception[] faults =
        [
            Assert.Throws<ArgumentException>(() => TokenCipher.Create(EncryptionAlgorithm.Ea07, longKey)),
            Assert.Throws<ArgumentException>(() => KeyChangeSet.Divide(longKey, attributes, KeyChangeForm.TwoTokens, rollOver: false)),
            Assert.Throws<ArgumentException>(() => longKey.CopySecretTo(new byte[3])),
        ];
        Assert.All(faults, fault => Assert.Null(Leak(fault.ToString())));
    }

    [Fact]
    public void Dispose_ClearsEveryCopyThatIsHeld()
    {
        DecoderKey key = StsGen.Key(Secret);
        Assert.True(VendingKey.TryCreate(VendingSecret, out VendingKey? vendingKey));
        IDisposable[] holders = [key, vendingKey, TokenCipher.Create(EncryptionAlgorithm.Ea11, key), TokenCipher.Create(EncryptionAlgorithm.Ea09, StsGen.Key(Secret[..8])), TokenCipher.Create(EncryptionAlgorithm.Ea07, StsGen.Key(Secret[..8]))];
        Array[] buffers = [.. holders.SelectMany(Buffers)];
        Assert.All(buffers.Where(b => b.Length > 0), buffer => Assert.Contains(buffer.Cast<IConvertible>(), v => v.ToUInt64(null) != 0));
        foreach (IDisposable holder in holders) holder.Dispose();
        Assert.All(buffers, buffer => Assert.DoesNotContain(buffer.Cast<IConvertible>(), v => v.ToUInt64(null) != 0));
    }

    private static IEnumerable<object> KeyHolders()
    {
        DecoderKey key = StsGen.Key(Secret);
        Assert.True(VendingKey.TryCreate(VendingSecret, out VendingKey? vendingKey));
        using var meter = new TestMeter();
        var register = MeterKeyRegister.From(meter.Attributes);
        var state = TokenAcceptorState.Initial(key, register);
        TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
        var keys = new SoftwareVendingKeys();
        keys.Add(new VendingKeyRevision(meter.Attributes.SupplyGroup, KeyType.Unique, default, default, default, default), vendingKey);
        KeyChangeSection[] sections = KeyChangeSet.Divide(key, meter.Attributes, KeyChangeForm.FourTokens, rollOver: false);
        TokenAcceptor acceptor = TokenAcceptor.Restore(new TokenAcceptorOptions { Algorithm = EncryptionAlgorithm.Ea11 }, state);
        TokenDecision part = acceptor.Evaluate(cipher.Seal(TokenClass.MeterSpecificManagement, sections[0].Encode()));

        return [key, vendingKey, cipher, keys, state, acceptor, part, part.Effect, new CandidateKey(KeyRelation.Present, "present", cipher), meter.Attributes, StaTables.Sample, .. sections.Cast<object>()];
    }

    private static string Json(object holder)
    {
        try
        {
            return JsonSerializer.Serialize(holder, holder.GetType());
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or JsonException)
        {
            return e.Message;
        }
    }

    // Any four bytes of a key in a row, as hexadecimal, base64, a list of numbers or one number.
    private static string? Leak(string text)
    {
        for (int i = 0; i + 4 <= VendingSecret.Length; i++)
        {
            byte[] part = VendingSecret[i..(i + 4)];
            string[] forms = [Convert.ToHexString(part), string.Join(',', part), BitConverter.ToString(part), System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(part).ToString()];
            string? found = Array.Find(forms, form => text.Contains(form, StringComparison.OrdinalIgnoreCase));
            if (found is not null) return found;
        }

        return text.Contains(Convert.ToBase64String(Secret)[..8], StringComparison.Ordinal) ? "base64" : null;
    }

    private static IEnumerable<Array> Buffers(IDisposable holder) => holder.GetType()
        .GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
        .Where(field => field.FieldType.IsArray)
        .Select(field => (Array)field.GetValue(holder)!);
}
