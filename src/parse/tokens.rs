//! Sections of numbers that are not rows of columns, bracket by bracket: nested ones, and small ones whose faults cost them alone.

use super::input::{Input, is_white, shown};
use crate::base::task::Cancelled;

/// Why a section could not be read.
pub(super) enum Fault {
    Cancelled(Cancelled),
    /// Section, position, reason.
    At(&'static str, usize, String),
}

impl From<Cancelled> for Fault {
    fn from(cancelled: Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}

/// Brackets and numbers of a section; commas and white space between them are passed over.
pub(super) struct Tokens<'a> {
    input: &'a Input<'a>,
    section: &'static str,
    at: usize,
    count: usize,
}

pub(super) enum Token {
    Open,
    Close,
    /// Larger ones are as good as the greatest.
    Number(u64),
}

impl<'a> Tokens<'a> {
    pub(super) fn new(input: &'a Input<'a>, section: &'static str, at: usize) -> Self {
        Self {
            input,
            section,
            at,
            count: 0,
        }
    }

    pub(super) fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::At(self.section, self.at, what.into())
    }

    pub(super) fn next(&mut self) -> Result<Token, Fault> {
        self.count += 1;
        self.input.task.check_at(self.count)?;
        let bytes = self.input.bytes;
        while bytes
            .get(self.at)
            .is_some_and(|&byte| byte == b',' || is_white(byte))
        {
            self.at += 1;
        }
        match bytes.get(self.at) {
            Some(b'[') => {
                self.at += 1;
                Ok(Token::Open)
            }
            Some(b']') => {
                self.at += 1;
                Ok(Token::Close)
            }
            Some(b'0'..=b'9') => {
                let mut number = 0_u64;
                while let Some(digit) = bytes.get(self.at).filter(|byte| byte.is_ascii_digit()) {
                    number = number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
                    self.at += 1;
                }
                Ok(Token::Number(number))
            }
            other => Err(self.fault(format!("expected a number or a bracket, found {}", shown(other)))),
        }
    }

    pub(super) fn open(&mut self) -> Result<(), Fault> {
        match self.next()? {
            Token::Open => Ok(()),
            _ => Err(self.fault("expected an array")),
        }
    }

    /// Reads an array of records of `width` numbers.
    pub(super) fn records(&mut self, width: usize, mut each: impl FnMut(&[u64])) -> Result<(), Fault> {
        self.open()?;
        let mut record = Vec::with_capacity(width);
        loop {
            match self.next()? {
                Token::Number(number) => record.push(number),
                Token::Close => return Ok(()),
                Token::Open => return Err(self.fault("expected a number, found an array")),
            }
            if record.len() == width {
                each(&record);
                record.clear();
            }
        }
    }
}
