using System.Collections.Immutable;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>What became of one token. The numbers are stored.</summary>
public enum TokenFate
{
    Open = 0,
    Proven = 1,
    Rejected = 2,
}

/// <summary>One token of a delivery.</summary>
/// <param name="Number">The twenty digits.</param>
/// <param name="TidMinutes">Its token identifier, when known: lets a hello that names it prove it.</param>
/// <param name="Fate">What the meter made of it.</param>
public sealed record DeliveryToken(TokenNumber Number, uint? TidMinutes, TokenFate Fate = TokenFate.Open)
{
    /// <summary>As it travels.</summary>
    public TokenBytes ToBytes()
    {
        Span<byte> bytes = stackalloc byte[TokenBytes.Length];
        Number.WriteBytes(bytes);
        return TokenBytes.TryRead(bytes, out TokenBytes token) ? token : throw new System.Diagnostics.UnreachableException();
    }
}

/// <summary>What is to reach the meter: a closed set.</summary>
public abstract record DeliveryContent
{
    /// <summary>The most tokens that one delivery carries.</summary>
    public const int MaxTokens = 4;

    private DeliveryContent()
    {
    }

    /// <summary>0 is the most urgent: key change, credit and the tokens that restore supply, relay, parameters, readings.</summary>
    public abstract int Priority { get; }

    /// <summary>Of two open deliveries with one key the newer wins; null for tokens, each of which is somebody's money or right.</summary>
    public virtual string? SupersedeKey => null;

    /// <summary>The tokens in it, none for a command.</summary>
    public virtual ImmutableArray<DeliveryToken> AllTokens => [];

    /// <summary>Whether both ask the meter for the same, whatever became of it so far.</summary>
    public bool AsksTheSameAs(DeliveryContent other) => Unjudged(this) == Unjudged(other);

    /// <summary>The same with other tokens; the commands have none and stay as they are.</summary>
    public virtual DeliveryContent WithTokens(ImmutableArray<DeliveryToken> tokens) => this;

    private static DeliveryContent Unjudged(DeliveryContent content) =>
        content.WithTokens([.. content.AllTokens.Select(t => t with { Fate = TokenFate.Open })]);

    /// <summary>Credit bought: one to four tokens, each proven by itself.</summary>
    public sealed record Credit(ImmutableArray<DeliveryToken> Tokens) : DeliveryContent
    {
        public override int Priority => 1;

        public override ImmutableArray<DeliveryToken> AllTokens => Tokens;

        public override DeliveryContent WithTokens(ImmutableArray<DeliveryToken> tokens) => new Credit(tokens);

        public bool Equals(Credit? other) => other is not null && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan());

        public override int GetHashCode() => Tokens.Length;
    }

    /// <summary>A token that changes state, not credit: clear tamper, power limit and the like.</summary>
    public sealed record Management(DeliveryToken Token) : DeliveryContent
    {
        public override int Priority => 1;

        public override ImmutableArray<DeliveryToken> AllTokens => [Token];

        public override DeliveryContent WithTokens(ImmutableArray<DeliveryToken> tokens) => new Management(tokens[0]);
    }

    /// <summary>A whole key change, sent as one message: half of it helps nobody.</summary>
    public sealed record KeyChange(ImmutableArray<DeliveryToken> Tokens) : DeliveryContent
    {
        public override int Priority => 0;

        public override string SupersedeKey => "key-change";

        public override ImmutableArray<DeliveryToken> AllTokens => Tokens;

        public override DeliveryContent WithTokens(ImmutableArray<DeliveryToken> tokens) => new KeyChange(tokens);

        public bool Equals(KeyChange? other) => other is not null && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan());

        public override int GetHashCode() => Tokens.Length;
    }

    /// <summary>The wish that the load switch be on or off. The meter's own rules may still hold it open.</summary>
    public sealed record Relay(RelayPosition Position) : DeliveryContent
    {
        public override int Priority => 2;

        public override string SupersedeKey => "relay";
    }

    /// <summary>The wish that a parameter have a value.</summary>
    public sealed record Parameter(MeterParameter Name, long Value) : DeliveryContent
    {
        public override int Priority => 3;

        public override string SupersedeKey => $"parameter-{(int)Name}";
    }

    /// <summary>Asks for a reading now.</summary>
    public sealed record ReadNow : DeliveryContent
    {
        public override int Priority => 4;

        public override string SupersedeKey => "read";
    }
}
