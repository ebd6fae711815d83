namespace Latchkey.Meter.Payment.Accounts;

/// <summary>The credit_type of COSEM class 112.</summary>
public enum CreditKind : byte
{
    /// <summary>What tokens bought.</summary>
    Token = 0,

    /// <summary>A share of tokens put by, used only when it is invoked.</summary>
    Reserved = 1,

    /// <summary>Lent up to a preset amount, and to be repaid.</summary>
    Emergency = 2,

    /// <summary>Given anew each period; what is left of it then expires.</summary>
    Time = 3,

    /// <summary>Given anew after each so much of consumption.</summary>
    Consumption = 4,
}

/// <summary>The credit_status of COSEM class 112.</summary>
public enum CreditStatus : byte
{
    Enabled = 0,

    /// <summary>On offer: it waits for somebody to invoke it.</summary>
    Selectable = 1,

    /// <summary>Invoked, and used when what stands before it is exhausted.</summary>
    Selected = 2,
    InUse = 3,
    Exhausted = 4,
}

/// <summary>The credit_configuration of COSEM class 112.</summary>
[Flags]
public enum CreditConfiguration : byte
{
    None = 0,
    Visual = 1 << 0,

    /// <summary>Somebody must invoke it before it is used.</summary>
    Confirmation = 1 << 1,

    /// <summary>Once it is exhausted nothing of it is used again until all of it is repaid.</summary>
    MustBeRepaid = 1 << 2,
    Resettable = 1 << 3,
    ReceivesTokens = 1 << 4,
}

/// <summary>The charge_type of COSEM class 113.</summary>
public enum ChargeKind : byte
{
    /// <summary>So much for each unit of energy.</summary>
    Consumption = 0,

    /// <summary>So much each period: a standing charge, or a debt in instalments.</summary>
    Time = 1,

    /// <summary>A share of each top-up, or so much of each.</summary>
    Payment = 2,
}

/// <summary>The charge_configuration of COSEM class 113.</summary>
[Flags]
public enum ChargeConfiguration : byte
{
    None = 0,

    /// <summary>A payment charge takes its proportion of the top-up; without this, its unit charge.</summary>
    Percentage = 1 << 0,

    /// <summary>It goes on for ever; without this it ends when nothing remains of its total.</summary>
    Continuous = 1 << 1,
}

/// <summary>When a time charge is collected although something is out of the ordinary; the bits of the credit_charge_configuration of COSEM class 111.</summary>
[Flags]
public enum CollectionRules : byte
{
    None = 0,
    WhenDisconnected = 1 << 0,
    WhenLimiting = 1 << 1,
    WhenFriendly = 1 << 2,
    Always = WhenDisconnected | WhenLimiting | WhenFriendly,
}

/// <summary>The account_status of COSEM class 111.</summary>
public enum AccountStatus : byte
{
    New = 1,
    Active = 2,
    Closed = 3,
}

/// <summary>What the account counts in; the unit of the currency attribute of COSEM class 111.</summary>
public enum AccountUnit : byte
{
    /// <summary>Energy: one quantum is 1 µWh.</summary>
    Energy = 1,

    /// <summary>Money: one quantum is a millionth of the currency's unit.</summary>
    Currency = 2,
}

/// <summary>The current_credit_status of COSEM class 111, bit 0 first.</summary>
[Flags]
public enum AccountCreditStatus : byte
{
    None = 0,
    InCredit = 1 << 0,
    LowCredit = 1 << 1,
    NextCreditEnabled = 1 << 2,
    NextCreditSelectable = 1 << 3,
    NextCreditSelected = 1 << 4,
    SelectableCreditInUse = 1 << 5,
    OutOfCredit = 1 << 6,
}

/// <summary>When the consumption of a step price starts from nothing again.</summary>
public enum BlockReset : byte
{
    Never = 0,
    Month = 1,
    Year = 2,
}

/// <summary>What became of something asked of the account; the numbers are shown.</summary>
public enum AccountAnswer : byte
{
    Done = 0,

    /// <summary>There is no such credit or charge, or not of the kind that does this.</summary>
    Unknown = 1,
    OutOfRange = 2,

    /// <summary>Not in this state of the account, the credit or the charge.</summary>
    NotNow = 3,
    StorageFailure = 4,
}
