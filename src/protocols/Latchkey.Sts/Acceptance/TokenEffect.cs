namespace Latchkey.Sts;

/// <summary>What an accepted token does: a closed set.</summary>
/// <remarks>Source: IEC 62055-41, classes 0, 1 and 2.</remarks>
public abstract record TokenEffect
{
    private TokenEffect()
    {
    }

    /// <summary>Nothing: the token was refused.</summary>
    /// <remarks>Source: IEC 62055-41, classes 0, 1 and 2.</remarks>
    public static TokenEffect Nothing { get; } = new None();

    /// <summary>Nothing.</summary>
    /// <remarks>Source: IEC 62055-41, TokenResult.</remarks>
    public sealed record None : TokenEffect;

    /// <summary>Credit in units.</summary>
    /// <param name="SubClass">The service.</param>
    /// <param name="Amount">How much.</param>
    /// <remarks>Source: IEC 62055-41, TransferCredit, sub-classes 0 to 3.</remarks>
    public sealed record Credit(CreditSubClass SubClass, TransferAmount Amount) : TokenEffect;

    /// <summary>Credit in money; may be negative.</summary>
    /// <param name="SubClass">The service.</param>
    /// <param name="Amount">How much.</param>
    /// <remarks>Source: IEC 62055-41:2018, TransferCredit, sub-classes 4 to 7.</remarks>
    public sealed record CurrencyCredit(CreditSubClass SubClass, CurrencyAmount Amount) : TokenEffect;

    /// <summary>The highest load.</summary>
    /// <param name="Watts">0 to 18 201 624 W.</param>
    /// <remarks>Source: IEC 62055-41, SetMaximumPowerLimit.</remarks>
    public sealed record SetMaximumPowerLimit(int Watts) : TokenEffect;

    /// <summary>The highest difference between phases.</summary>
    /// <param name="Watts">0 to 18 201 624 W.</param>
    /// <remarks>Source: IEC 62055-41, SetMaximumPhasePowerUnbalanceLimit.</remarks>
    public sealed record SetMaximumPhasePowerUnbalanceLimit(int Watts) : TokenEffect;

    /// <summary>Credit is set to nothing.</summary>
    /// <param name="Register">Which.</param>
    /// <remarks>Source: IEC 62055-41, ClearCredit.</remarks>
    public sealed record ClearCredit(CreditRegister Register) : TokenEffect;

    /// <summary>The tariff rate; reserved in the standard.</summary>
    /// <param name="Rate">16 bits.</param>
    /// <remarks>Source: IEC 62055-41, SetTariffRate.</remarks>
    public sealed record SetTariffRate(ushort Rate) : TokenEffect;

    /// <summary>The water meter's factor; reserved in the standard.</summary>
    /// <param name="Factor">16 bits.</param>
    /// <remarks>Source: IEC 62055-41, SetWaterMeterFactor.</remarks>
    public sealed record SetWaterMeterFactor(ushort Factor) : TokenEffect;

    /// <summary>The tamper condition ends.</summary>
    /// <remarks>Source: IEC 62055-41, ClearTamperCondition.</remarks>
    public sealed record ClearTamperCondition : TokenEffect;

    /// <summary>An extended parameter or flag.</summary>
    /// <param name="Parameter">Index and number.</param>
    /// <remarks>Source: STS 202-5, extended token set.</remarks>
    public sealed record ExtendedSet(ExtendedParameter Parameter) : TokenEffect;

    /// <summary>A maker's own function. The library cannot know an identifier in it: guarding against repeats is the maker's.</summary>
    /// <param name="Token">Sub-class and 44 bits.</param>
    /// <remarks>Source: IEC 62055-41, class 2, proprietary sub-classes.</remarks>
    public sealed record Proprietary(ProprietaryToken Token) : TokenEffect;

    /// <summary>Tests run or values are shown.</summary>
    /// <param name="Request">Form, control bits and manufacturer code.</param>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display.</remarks>
    public sealed record Test(MeterTestToken Request) : TokenEffect;

    /// <summary>One section of a key change is kept until the others come.</summary>
    /// <param name="Section">The section; secret, and not shown.</param>
    /// <remarks>Source: IEC 62055-41:2018, Set1stSectionDecoderKey to Set4thSectionDecoderKey.</remarks>
    public sealed record KeyChangePart(KeyChangeSection Section) : TokenEffect;

    /// <summary>The meter has a new key.</summary>
    /// <param name="NewKey">What is known about it.</param>
    /// <param name="RollOver">Whether the base date advanced.</param>
    /// <remarks>Source: IEC 62055-41:2018, key-change tokens.</remarks>
    public sealed record KeyChange(MeterKeyRegister NewKey, bool RollOver) : TokenEffect;
}
