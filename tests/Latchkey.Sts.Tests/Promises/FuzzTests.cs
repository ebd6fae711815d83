using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Latchkey.Sts.Tests;

/// <summary>Every public parser takes anything: a result, no exception, in bounded time. With LATCHKEY_LONG=1 for sixty seconds.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = LongRun.IsOn ? TimeSpan.FromSeconds(60) : TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestForOneInput = TimeSpan.FromSeconds(5);

    private static readonly string[] Seeds =
    [
        "51043465443420856213", "5104 3465 4434 2085 6213", "600727000000000009", "00000000000", "201457", "01", "25.6", "-182044000000000", "0abc12def3456789",
        """{"s1":[12,10,8,4,3,15,0,2,14,1,5,13,6,9,7,11],"s2":[6,9,7,4,3,10,12,14,2,13,1,15,0,11,8,5],"p":[29,27]}""",
        .. PublishedVectors.All.Where((_, i) => i % 40 == 0).Select(v => v.GetRawText()),
    ];

    [Fact]
    public void EveryPublicParser_OnAnything_GivesAResultInBoundedTime()
    {
        var random = new Random(LongRun.IsOn ? Environment.ProcessId : 7);
        using var targets = new FuzzTargets();
        long inputs = 0;
        TimeSpan slowest = TimeSpan.Zero;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Duration; inputs++)
        {
            byte[] bytes = NextInput(random, targets.StateBytes);
            long begun = Stopwatch.GetTimestamp();
            targets.TryAll(bytes);
            TimeSpan taken = Stopwatch.GetElapsedTime(begun);
            if (taken > slowest) slowest = taken;
        }

        output.WriteLine($"{inputs} inputs through every parser; the slowest took {slowest.TotalMilliseconds:F1} ms.");
        Assert.True(inputs > 100 && slowest < LongestForOneInput, $"{inputs} inputs, the slowest {slowest}");
    }

    [Fact]
    public void EveryPrefixOfAValidInput_GivesAResult()
    {
        using var targets = new FuzzTargets();
        foreach (byte[] whole in Seeds.Select(Encoding.UTF8.GetBytes).Append(targets.StateBytes))
        {
            for (int length = 0; length <= whole.Length; length++) targets.TryAll(whole[..length]);
        }
    }

    private static byte[] NextInput(Random random, byte[] stateBytes)
    {
        if (random.Next(4) == 0)
        {
            byte[] noise = new byte[random.Next(300)];
            random.NextBytes(noise);
            return noise;
        }

        byte[] bytes = random.Next(4) == 0 ? [.. stateBytes] : Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]);
        for (int change = random.Next(4); change > 0 && bytes.Length > 0; change--)
        {
            int at = random.Next(bytes.Length);
            bytes = random.Next(3) switch
            {
                0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                1 => [.. bytes[..at], .. bytes[(at + 1)..]],
                _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
            };
        }

        return bytes;
    }

    private sealed class FuzzTargets : IDisposable
    {
        private readonly TestMeter _meter = new();
        private readonly TokenCipher _cipher;
        private readonly CandidateKey[] _keys;

        public FuzzTargets()
        {
            using DecoderKey key = _meter.Acceptor.State.CopyKey();
            _cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
            _keys = [new CandidateKey(KeyRelation.Present, "present", _cipher)];
            StateBytes = new byte[_meter.Acceptor.State.EncodedLength];
            _meter.Acceptor.State.Write(StateBytes);
        }

        public byte[] StateBytes { get; }

        public void TryAll(byte[] bytes)
        {
            TryText(Encoding.UTF8.GetString(bytes));
            TryBytes(bytes);
            TryBlock(bytes);
            TryJson(bytes);
        }

        public void Dispose()
        {
            _cipher.Dispose();
            _meter.Dispose();
        }

        private void TryText(string text)
        {
            _ = MeterPan.TryParse(text, out _);
            _ = DecoderReferenceNumber.TryParse(text, out _);
            _ = SupplyGroupCode.TryParse(text, out _);
            _ = TariffIndex.TryParse(text, out _);
            _ = Luhn.IsValid(text);
            _ = Luhn.TryComputeCheckDigit(text, out _);
            _ = TransferAmount.TryParseUnits(text, out _);
            _ = CurrencyAmount.TryParseUnits(text, out _);
            _ = TokenExplainer.Explain(text, _keys);
            _ = TokenExplainer.GroupOfWrongLength(text);
            if (TokenNumber.TryParse(text, out TokenNumber token)) _ = _meter.Acceptor.Evaluate(token);
        }

        private static void TryBytes(byte[] bytes)
        {
            _ = TokenNumber.TryReadBytes(bytes, out _);
            if (VendingKey.TryCreate(bytes, out VendingKey? vendingKey, VendingKeyParity.Raw)) vendingKey.Dispose();
            if (DecoderKey.TryCreate(bytes, out DecoderKey? key)) key.Dispose();
            _ = StaTables.TryCreate(bytes, bytes, bytes, out _);
            _ = StaTablesFile.TryRead(bytes, out _, out _);
            if (!TokenAcceptorState.TryRead(bytes, out TokenAcceptorState? state)) return;
            EncryptionAlgorithm algorithm = state.KeyLength == DecoderKey.LongLength ? EncryptionAlgorithm.Ea11 : EncryptionAlgorithm.Ea07;
            using TokenAcceptor acceptor = TokenAcceptor.Restore(new TokenAcceptorOptions { Algorithm = algorithm }, state);
            acceptor.Commit(acceptor.Evaluate(TokenNumber.FromBlock(TokenClass.MeterSpecificManagement, 1)));
        }

        private void TryBlock(byte[] bytes)
        {
            Span<byte> eight = stackalloc byte[sizeof(ulong)];
            bytes.AsSpan(0, Math.Min(bytes.Length, eight.Length)).CopyTo(eight);
            ulong block = BitConverter.ToUInt64(eight);
            for (int c = 0; c < 4; c++)
            {
                _ = _meter.Acceptor.Evaluate(TokenNumber.FromBlock((TokenClass)c, block));
                // Past the cipher, with a right check value, so that every field is reached.
                ulong content = block >> 16;
                ulong closed = (content << 16) | TokenCrc.Compute((TokenClass)c, content);
                if (c is 0 or 2) _ = _meter.Acceptor.Evaluate(_meter.Seal(closed, (TokenClass)c));
                _ = CreditTokenCodec.Decode(closed, out CreditToken _);
                _ = CreditTokenCodec.Decode((content << 16) | TokenCrc.ComputeCurrency(TokenClass.CreditTransfer, content), out CurrencyCreditToken _);
                _ = ManagementTokenCodec.Decode(closed, out ManagementToken _);
                _ = ManagementTokenCodec.Decode(closed, out ProprietaryToken _);
                _ = MeterTestTokenCodec.Decode(closed, out _);
                _ = KeyChangeSection.Decode(closed, out _);
            }
        }

        private static void TryJson(byte[] bytes)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(bytes);
                _ = StsVectorRunner.Run(document.RootElement, licensed: null);
                _ = StsVectorRunner.Run(document.RootElement, StaTables.Sample).ToJsonLine();
            }
            catch (JsonException)
            {
                // Not JSON: that is the platform's parser, not ours.
            }
        }
    }
}
