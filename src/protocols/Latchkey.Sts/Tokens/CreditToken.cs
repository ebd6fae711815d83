namespace Latchkey.Sts;

/// <summary>Credit in units of a service: sub-classes 0 to 3.</summary>
/// <param name="SubClass">The service.</param>
/// <param name="Random">Four bits, 0 to 15, that make tokens of the same minute and amount differ.</param>
/// <param name="Tid">The minute of issue.</param>
/// <param name="Amount">How much, already rounded to what a token can say.</param>
/// <remarks>Source: IEC 62055-41, TransferCredit.</remarks>
public readonly record struct CreditToken(CreditSubClass SubClass, byte Random, TokenIdentifier Tid, TransferAmount Amount);

/// <summary>Credit in money: sub-classes 4 to 7. The amount's sign and exponent stand where other tokens have their random bits.</summary>
/// <param name="SubClass">The service.</param>
/// <param name="Tid">The minute of issue.</param>
/// <param name="Amount">How much, already rounded to what a token can say.</param>
/// <remarks>Source: IEC 62055-41:2018, TransferCredit, sub-classes 4 to 7.</remarks>
public readonly record struct CurrencyCreditToken(CreditSubClass SubClass, TokenIdentifier Tid, CurrencyAmount Amount);
