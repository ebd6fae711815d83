namespace Latchkey.Sts.Tests;

/// <summary>No token is taken twice under its key, whatever the order of entries, power cuts and key changes.</summary>
/// <remarks>
/// A token that was made for a key the meter does not have is to the meter a random number, and like any number it has one chance in 65 536 to carry
/// a right check value. That is the standard's own limit; such coincidences are counted apart and held to it.
/// </remarks>
public sealed class ReplayTests(ITestOutputHelper output)
{
    private const int EntriesPerMeter = 20_000;

    private static readonly int Meters = LongRun.Choose(regular: 2, @long: 50);

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void RandomEntriesRestartsAndKeyChanges_NeverTakeATokenTwice(EncryptionAlgorithm algorithm)
    {
        long accepted = 0, refused = 0, keyChanges = 0, restarts = 0, foreign = 0, coincidences = 0;
        for (int seed = 0; seed < Meters; seed++)
        {
            using var life = new MeterLife(algorithm, seed);
            for (int i = 0; i < EntriesPerMeter; i++) life.Step();
            accepted += life.Accepted;
            refused += life.Refused;
            keyChanges += life.KeyChanges;
            restarts += life.Restarts;
            foreign += life.ForeignEntries;
            coincidences += life.Coincidences;
        }

        output.WriteLine($"EA{(int)algorithm:D2}: {Meters * EntriesPerMeter} steps, {accepted} tokens taken, {refused} refused, {keyChanges} key changes, {restarts} restarts; none taken twice under its key.");
        output.WriteLine($"{foreign} entries of tokens for other keys, {coincidences} of them taken by the chance of the check value.");
        double chance = foreign / 65_536.0;
        Assert.True(coincidences <= chance + (6 * Math.Sqrt(chance)) + 1, $"{coincidences} coincidences in {foreign} entries");
        Assert.True(accepted > Meters * 1_000 && keyChanges > Meters * 50 && restarts > Meters * 500, "The run must have tried what it is about.");
    }

    // The guard itself is shown a breach: a meter that forgets lets a token in again.
    [Fact]
    public void AMeterThatForgets_IsCaught()
    {
        using var life = new MeterLife(EncryptionAlgorithm.Ea11, seed: 1);
        Assert.Throws<TokenTakenTwiceException>(() =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                life.Step();
                if (i % 100 == 99) life.LoseTheStore();
            }
        });
    }

    private sealed class TokenTakenTwiceException : Exception;

    private sealed class MeterLife(EncryptionAlgorithm algorithm, int seed) : IDisposable
    {
        private readonly Random _random = new(seed);
        private readonly TestMeter _meter = new(algorithm);
        private readonly List<(TokenNumber Token, DecoderKeyAttributes Key)> _issued = [];
        private readonly HashSet<(TokenNumber Token, DecoderKeyAttributes Key)> _taken = [];
        private uint _clock = 1_000;

        public long Accepted { get; private set; }

        public long Refused { get; private set; }

        public long KeyChanges { get; private set; }

        public long Restarts { get; private set; }

        /// <summary>Entries of tokens that were made for a key which the meter did not have at that time.</summary>
        public long ForeignEntries { get; private set; }

        /// <summary>Those of them that the meter took for credit or management of its own.</summary>
        public long Coincidences { get; private set; }

        public void Step()
        {
            switch (_random.Next(100))
            {
                case < 35: Enter(Issue()); break;
                case < 40: _ = Issue(); break; // sold and kept in a drawer
                case < 88 when _issued.Count > 0: Enter(_issued[Recent()]); break;
                case < 96: Restart(); break;
                case < 98: EnterGarbage(); break;
                default: ChangeKey(); break;
            }
        }

        public void LoseTheStore()
        {
            using DecoderKey key = _meter.Acceptor.State.CopyKey();
            _meter.ReplaceState(TokenAcceptorState.Initial(key, _meter.Acceptor.State.Register));
        }

        public void Dispose() => _meter.Dispose();

        // Mostly the last hundred tokens, where the store must tell apart, sometimes any.
        private int Recent() => _random.Next(4) == 0 ? _random.Next(_issued.Count) : Math.Max(0, _issued.Count - 1 - _random.Next(100));

        private (TokenNumber Token, DecoderKeyAttributes Key) Issue()
        {
            _clock += (uint)_random.Next(1, 20);
            bool isCredit = _random.Next(5) > 0;
            TokenNumber token = isCredit
                ? _meter.Credit(_clock, _random.Next(1, 10_000), (byte)_random.Next(16))
                : _meter.Management(ManagementSubClass.ClearTamperCondition, _clock);
            _issued.Add((token, _meter.Attributes));
            return _issued[^1];
        }

        private void Enter((TokenNumber Token, DecoderKeyAttributes Key) issued)
        {
            bool isForeign = issued.Key != _meter.Attributes;
            if (isForeign) ForeignEntries++;
            TokenDecision decision = _meter.Acceptor.Evaluate(issued.Token);
            switch (_random.Next(20))
            {
                case 0: // power fails before anything is written: nothing happened
                    Restart();
                    return;
                case 1: // power fails between the journal and the display: it happened
                    _meter.ReplaceState(_meter.Acceptor.StateAfter(decision));
                    Restart();
                    break;
                default:
                    _meter.Acceptor.Commit(decision);
                    break;
            }

            if (decision.Result != TokenResult.Accept) Refused++;
            else if (isForeign) Coincidences++;
            else if (_taken.Add(issued)) Accepted++;
            else throw new TokenTakenTwiceException();
        }

        private void EnterGarbage()
        {
            TokenNumber token = TokenNumber.FromBlock((TokenClass)_random.Next(4), (ulong)_random.NextInt64());
            // Made for no key at all.
            if (token.Class == TokenClass.CreditTransfer) Enter((token, default));
        }

        private void ChangeKey()
        {
            DecoderKeyAttributes to = _meter.Attributes with { TariffIndex = TariffIndex.Parse(_random.Next(3).ToString("D2")) };
            bool rollOver = _meter.Attributes.BaseDate.Next is not null && _random.Next(100) == 0;
            if (rollOver) to = to with { BaseDate = _meter.Attributes.BaseDate.Next!.Value, KeyRevision = KeyRevisionNumber.FromValue(2) };
            TokenNumber[] tokens = _meter.KeyChange(to);
            _random.Shuffle(tokens);
            bool whole = _random.Next(5) > 0;
            foreach (TokenNumber token in whole ? tokens : tokens[..^1])
            {
                _meter.Enter(token);
                if (_random.Next(3) == 0) Restart();
            }

            if (!whole)
            {
                _meter.Acceptor.AbandonKeyChange();
                return;
            }

            _meter.SellUnder(to);
            KeyChanges++;
            if (rollOver) _clock = 1_000;
        }

        private void Restart()
        {
            _meter.Restart();
            Restarts++;
        }
    }
}
