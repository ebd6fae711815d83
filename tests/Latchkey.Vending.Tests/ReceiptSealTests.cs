using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Vending.Tests;

public sealed class ReceiptSealTests : IDisposable
{
    private readonly ReceiptSeal _seal = new(SHA256.HashData("the seller"u8));

    public void Dispose() => _seal.Dispose();

    [Fact]
    public void Verify_OwnSeal_IsGenuineAndSaysTheReceipt()
    {
        Assert.Equal(ReceiptCheckResult.Genuine, ReceiptCheck.Verify(_seal.Seal(Samples.Receipt), [_seal.PublicKey], out ReceiptStatement? statement));
        Assert.True(statement!.Matches(Samples.Receipt));
        Assert.True(statement.HasTokens(["1234-5678-9012-3456-7890"]));
    }

    [Fact]
    public void Verify_BehindAnAddress_ReadsTheStatement() =>
        Assert.Equal(ReceiptCheckResult.Genuine, ReceiptCheck.Verify("https://park.example/receipts/check#" + _seal.Seal(Samples.Receipt), [_seal.PublicKey], out _));

    [Fact]
    public void Verify_AnyCharacterChanged_IsNotGenuine()
    {
        string genuine = _seal.Seal(Samples.Receipt);
        for (int i = 0; i < genuine.Length; i++)
        {
            string altered = genuine[..i] + (genuine[i] == '7' ? '8' : '7') + genuine[(i + 1)..];

            // The last character of the seal carries four bits that mean nothing; the codec refuses them when they are set.
            Assert.NotEqual(ReceiptCheckResult.Genuine, ReceiptCheck.Verify(altered, [_seal.PublicKey], out _));
        }
    }

    [Fact]
    public void Verify_EveryPrefix_IsRefused()
    {
        string genuine = _seal.Seal(Samples.Receipt);
        for (int length = 0; length < genuine.Length; length++)
            Assert.NotEqual(ReceiptCheckResult.Genuine, ReceiptCheck.Verify(genuine[..length], [_seal.PublicKey], out _));
    }

    [Fact]
    public void Verify_ByAnotherSellersKey_IsUnknown()
    {
        using var other = new ReceiptSeal(SHA256.HashData("another seller"u8));
        Assert.Equal(ReceiptCheckResult.UnknownKey, ReceiptCheck.Verify(_seal.Seal(Samples.Receipt), [other.PublicKey], out _));
    }

    [Fact]
    public void Verify_AForgersSealUnderOurKeyId_IsWrong()
    {
        using var forger = new ReceiptSeal(SHA256.HashData("a forger"u8));
        string forged = forger.Seal(Samples.Receipt).Replace(forger.PublicKey.Id, _seal.PublicKey.Id, StringComparison.Ordinal);
        Assert.Equal(ReceiptCheckResult.WrongSeal, ReceiptCheck.Verify(forged, [_seal.PublicKey], out _));
    }

    [Fact]
    public void Matches_AnotherTokenOnThePaper_IsFalse()
    {
        ReceiptCheck.Verify(_seal.Seal(Samples.Receipt), [_seal.PublicKey], out ReceiptStatement? statement);
        Assert.False(statement!.Matches(Samples.Receipt with { Tokens = [Samples.Receipt.Tokens[0] with { Number = "1234 5678 9012 3456 7891" }] }));
    }

    [Fact]
    public void TryParse_PublishedKey_GivesTheSameKey()
    {
        Assert.True(ReceiptKey.TryParse(_seal.PublicKey.Pem, out ReceiptKey? key));
        Assert.Equal(_seal.PublicKey.Id, key!.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void TryParse_WhatIsNoKey_IsRefused(string pem) => Assert.False(ReceiptKey.TryParse(pem, out _));

    [Fact]
    public void Seal_NeverCarriesAToken() =>
        Assert.DoesNotContain("12345678901234567890", _seal.Seal(Samples.Receipt).Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void Seal_OfTheLongestReceipt_FitsACode() =>
        Assert.InRange(Encoding.ASCII.GetByteCount(_seal.Seal(Samples.Receipt with { AmountMinorUnits = long.MaxValue, TenthsGranted = long.MaxValue })), 1, ReceiptStatement.MaxLength);
}
