using System.Security.Cryptography;

namespace Latchkey.Sts;

/// <summary>The meter's side of tokens: judges one without changing anything, and changes its state when told that the decision is durable.</summary>
/// <remarks>
/// The order of tests, which is the order of precedence of the results: class and form (FormatError); check value (CrcError); sub-class (FunctionError);
/// manufacturer of a test (MfrCodeError); credit under a default key (DdtkError); the key's end (KeyExpiredError); the identifier (OldError, UsedError);
/// values and limits (RangeError, OverflowError, FunctionError); key types (KeyTypeError). A refused token uses up no identifier.
/// Not for use from several threads. Source: IEC 62055-41, acceptance of tokens.
/// </remarks>
public sealed class TokenAcceptor : IDisposable
{
    private readonly TokenAcceptorOptions _options;
    private readonly TokenCipher _cipher;
    private TokenAcceptorState _state;

    private TokenAcceptor(TokenAcceptorOptions options, TokenAcceptorState state, TokenCipher cipher)
    {
        _options = options;
        _state = state;
        _cipher = cipher;
    }

    /// <summary>The state now, as it would have to be restored.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public TokenAcceptorState State => _state;

    /// <summary>Goes on from a state: a meter's first or one that was written to its memory.</summary>
    /// <exception cref="ArgumentException">The key in the state has another length than the algorithm takes.</exception>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public static TokenAcceptor Restore(TokenAcceptorOptions options, TokenAcceptorState state)
    {
        using DecoderKey key = state.CopyKey();
        return new TokenAcceptor(options, state, TokenCipher.Create(options.Algorithm, key, options.Tables));
    }

    /// <summary>The state, to be written to the meter's memory.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public TokenAcceptorState Export() => _state;

    /// <summary>The state as it will be once the decision is committed, to be written to the meter's memory before that.</summary>
    /// <exception cref="InvalidOperationException">The state has changed since the decision was made.</exception>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public TokenAcceptorState StateAfter(TokenDecision decision)
    {
        if (!ReferenceEquals(decision.Basis, _state)) throw new InvalidOperationException("The decision was made on another state.");
        return decision.After;
    }

    /// <summary>Judges a token without regard to the time that parts of a key change have waited. Changes nothing.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public TokenDecision Evaluate(TokenNumber token) => Judge(_state, token, _state.KeyChangeTouchedAt);

    /// <summary>Judges a token; parts of a key change that have waited too long are dropped. Changes nothing.</summary>
    /// <param name="token">The token.</param>
    /// <param name="now">The meter's clock. When it goes back, parts wait longer.</param>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public TokenDecision Evaluate(TokenNumber token, DateTimeOffset now)
    {
        bool stale = _options.KeyChangeTimeout > TimeSpan.Zero && _state.HasAnySection && now - _state.KeyChangeTouchedAt > _options.KeyChangeTimeout;
        return Judge(stale ? _state.WithoutSections() : _state, token, now);
    }

    /// <summary>Puts a decision into effect. The meter applies <see cref="TokenDecision.Effect"/> itself, in the same transaction of its journal.</summary>
    /// <exception cref="InvalidOperationException">The state has changed since the decision was made.</exception>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public void Commit(TokenDecision decision) => TakeOver(StateAfter(decision));

    /// <summary>Uses up an identifier that the meter's journal holds and an older stored state does not. One that is held already changes nothing.</summary>
    /// <remarks>For a meter that writes its whole state now and then and only identifiers in between. Source: IEC 62055-41, acceptance of tokens.</remarks>
    public void Replay(TokenIdentifier tid)
    {
        if (_state.Used.Judge(tid) == TokenResult.Accept) _state = _state.WithUsed(tid);
    }

    /// <summary>Forgets the parts of a key change that has not been completed.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public void AbandonKeyChange() => _state = _state.WithoutSections();

    /// <summary>Clears the cipher's key. The state still holds one.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public void Dispose() => _cipher.Dispose();

    private TokenDecision Judge(TokenAcceptorState state, TokenNumber token, DateTimeOffset now) => token.Class switch
    {
        TokenClass.CreditTransfer => JudgeCredit(state, _cipher.Decrypt(token.Block)),
        TokenClass.NonMeterSpecificManagement => JudgeTest(state, token.Block),
        TokenClass.MeterSpecificManagement => JudgeManagement(state, _cipher.Decrypt(token.Block), now),
        _ => Refuse(TokenResult.FormatError),
    };

    private TokenDecision JudgeTest(TokenAcceptorState state, ulong block)
    {
        TokenResult read = MeterTestTokenCodec.Decode(block, out MeterTestToken test);
        if (read != TokenResult.Accept) return Refuse(read);
        if (test.ManufacturerCode != 0 && test.ManufacturerCode != _options.ManufacturerCode) return Refuse(TokenResult.MfrCodeError);
        return Take(state, new TokenEffect.Test(test), tid: null);
    }

    private TokenDecision JudgeCredit(TokenAcceptorState state, ulong block)
    {
        if (!CreditTokenCodec.HasValidCheckValue(block)) return Refuse(TokenResult.CrcError);

        TokenEffect effect;
        TokenIdentifier tid;
        if (CreditTokenCodec.Decode(block, out CurrencyCreditToken money) == TokenResult.Accept)
            (effect, tid) = (new TokenEffect.CurrencyCredit(money.SubClass, money.Amount), money.Tid);
        else if (CreditTokenCodec.Decode(block, out CreditToken units) == TokenResult.Accept)
            (effect, tid) = (new TokenEffect.Credit(units.SubClass, units.Amount), units.Tid);
        else
            return Refuse(TokenResult.FunctionError);

        if (state.Register.KeyType == KeyType.Default) return Refuse(TokenResult.DdtkError, tid);
        return JudgeTimed(state, effect, tid);
    }

    private TokenDecision JudgeManagement(TokenAcceptorState state, ulong block, DateTimeOffset now)
    {
        if (!BlockFields.HasValidCrc(TokenClass.MeterSpecificManagement, block)) return Refuse(TokenResult.CrcError);
        if (KeyChangeSection.Decode(block, out KeyChangeSection section) == TokenResult.Accept) return JudgeKeyChange(state, section, now);
        if (ManagementTokenCodec.Decode(block, out ProprietaryToken own) == TokenResult.Accept)
            return _options.Limits is null ? Refuse(TokenResult.FunctionError) : Take(state, new TokenEffect.Proprietary(own), tid: null);

        _ = ManagementTokenCodec.Decode(block, out ManagementToken token);
        return JudgeTimed(state, ManagementEffects.Of(token), token.Tid);
    }

    private TokenDecision JudgeTimed(TokenAcceptorState state, TokenEffect? effect, TokenIdentifier tid)
    {
        if (_options.ChecksKeyExpiry && state.Register.KeyExpiry.IsExpiredAt(tid)) return Refuse(TokenResult.KeyExpiredError, tid);
        TokenResult freshness = state.Used.Judge(tid);
        if (freshness != TokenResult.Accept) return Refuse(freshness, tid);
        return effect is null ? Refuse(TokenResult.RangeError, tid) : Take(state, effect, tid);
    }

    private TokenDecision JudgeKeyChange(TokenAcceptorState state, KeyChangeSection section, DateTimeOffset now)
    {
        bool belongs = _options.Algorithm == EncryptionAlgorithm.Ea11 || section.Number < 4;
        if (!belongs) return Refuse(TokenResult.FunctionError);

        TokenAcceptorState gathered = state.WithSection(section, now);
        if (!KeyChangeAssembly.IsComplete(gathered, _options.Algorithm))
            return new TokenDecision(_state, PartResult(section.Number), new TokenEffect.KeyChangePart(section), after: gathered);

        KeyChangeAssembly.Outcome change = KeyChangeAssembly.Assemble(gathered, _options.Algorithm, _options.KeyTypeMoves);
        if (change.Result != TokenResult.Accept) return new TokenDecision(_state, change.Result, after: state.WithoutSections());

        TokenEffect effect = new TokenEffect.KeyChange(change.Register, change.RollOver);
        TokenResult limit = _options.Limits?.Invoke(effect) ?? TokenResult.Accept;
        if (limit != TokenResult.Accept) return new TokenDecision(_state, limit, after: state.WithoutSections());

        // Under a key that stays the same, forgetting identifiers would let every old token in again.
        bool sameKey = CryptographicOperations.FixedTimeEquals(change.Key, state.Key);
        return new TokenDecision(_state, TokenResult.Accept, effect, after: gathered.WithKey(change.Key, change.Register, change.RollOver && !sameKey));
    }

    private TokenDecision Take(TokenAcceptorState state, TokenEffect effect, TokenIdentifier? tid)
    {
        TokenResult limit = _options.Limits?.Invoke(effect) ?? TokenResult.Accept;
        if (limit != TokenResult.Accept) return Refuse(limit, tid);
        return new TokenDecision(_state, TokenResult.Accept, effect, tid, tid is { } used ? state.WithUsed(used) : state);
    }

    private TokenDecision Refuse(TokenResult result, TokenIdentifier? tid = null) => new(_state, result, tid: tid);

    private void TakeOver(TokenAcceptorState next)
    {
        bool rekeyed = !next.Key.SequenceEqual(_state.Key);
        _state = next;
        if (!rekeyed) return;
        using DecoderKey key = next.CopyKey();
        _cipher.Rekey(key);
    }

    private static TokenResult PartResult(int number) => number switch
    {
        1 => TokenResult.FirstKeyChangeToken,
        2 => TokenResult.SecondKeyChangeToken,
        3 => TokenResult.ThirdKeyChangeToken,
        _ => TokenResult.FourthKeyChangeToken,
    };
}
